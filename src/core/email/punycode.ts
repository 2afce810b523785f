/** Unicode labels of host names in letters, digits and hyphens (RFC 3492, with its parameters for host names). */
const BASE = 36;
const T_MIN = 1;
const T_MAX = 26;
const SKEW = 38;
const DAMP = 700;
const INITIAL_BIAS = 72;
const INITIAL_CODE_POINT = 128;
const DIGITS = "abcdefghijklmnopqrstuvwxyz0123456789";

interface State {
  bias: number;
  delta: number;
  handled: number;
  output: string;
}

/** The label without its `xn--`.  encodePunycode("bücher") → "bcher-kva" */
export function encodePunycode(label: string): string {
  const codePoints = Array.from(label, (character) => character.codePointAt(0) ?? 0);
  const basic = codePoints.filter((codePoint) => codePoint < INITIAL_CODE_POINT);
  const plain = String.fromCodePoint(...basic);
  const state: State = {
    bias: INITIAL_BIAS,
    delta: 0,
    handled: basic.length,
    output: basic.length > 0 ? `${plain}-` : "",
  };
  let next = INITIAL_CODE_POINT;
  for (const codePoint of extendedInOrder(codePoints)) {
    state.delta += (codePoint - next) * (state.handled + 1);
    insertAll(state, codePoints, codePoint);
    state.delta += 1;
    next = codePoint + 1;
  }
  return state.output;
}

function extendedInOrder(codePoints: readonly number[]): number[] {
  const extended = codePoints.filter((codePoint) => codePoint >= INITIAL_CODE_POINT);
  return [...new Set(extended)].sort((a, b) => a - b);
}

/** Writes one code point at every place where it stands. */
function insertAll(state: State, codePoints: readonly number[], wanted: number): void {
  const basicCount = codePoints.filter((codePoint) => codePoint < INITIAL_CODE_POINT).length;
  for (const codePoint of codePoints) {
    if (codePoint < wanted) state.delta += 1;
    if (codePoint !== wanted) continue;
    state.output += variableLengthInteger(state.delta, state.bias);
    state.bias = adapt(state.delta, { points: state.handled + 1, isFirst: state.handled === basicCount });
    state.delta = 0;
    state.handled += 1;
  }
}

function variableLengthInteger(delta: number, bias: number): string {
  let remaining = delta;
  let written = "";
  for (let k = BASE; ; k += BASE) {
    const threshold = Math.min(Math.max(k - bias, T_MIN), T_MAX);
    if (remaining < threshold) return written + DIGITS.charAt(remaining);
    const span = BASE - threshold;
    written += DIGITS.charAt(threshold + ((remaining - threshold) % span));
    remaining = Math.floor((remaining - threshold) / span);
  }
}

function adapt(delta: number, { points, isFirst }: { points: number; isFirst: boolean }): number {
  let scaled = Math.floor(delta / (isFirst ? DAMP : 2));
  scaled += Math.floor(scaled / points);
  let k = 0;
  for (; scaled > ((BASE - T_MIN) * T_MAX) / 2; k += BASE) scaled = Math.floor(scaled / (BASE - T_MIN));
  return k + Math.floor(((BASE - T_MIN + 1) * scaled) / (scaled + SKEW));
}
