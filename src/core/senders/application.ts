/** An application to have a sender registered with a country's networks: how far it has come, and who may move it on. */

export type ApplicationState = "asked" | "sent" | "more-wanted" | "registered" | "refused" | "withdrawn" | "closed";

/** `closed`: its sender has gone, or is called something else. */
type Mover = "service" | "platform";

const MOVES: Readonly<Record<Mover, Readonly<Partial<Record<ApplicationState, readonly ApplicationState[]>>>>> = {
  service: { asked: ["more-wanted"], withdrawn: ["asked", "sent", "more-wanted"] },
  platform: {
    sent: ["asked"],
    "more-wanted": ["asked", "sent"],
    registered: ["sent"],
    refused: ["asked", "sent", "more-wanted"],
  },
};

/** From which states it comes there.  statesBefore("platform", "registered") → ["sent"] */
export function statesBefore(mover: Mover, to: ApplicationState): readonly ApplicationState[] {
  return MOVES[mover][to] ?? [];
}

/** Where it can go from here.  movesFrom("platform", "asked") → ["sent", "more-wanted", "refused"] */
export function movesFrom(mover: Mover, from: ApplicationState): ApplicationState[] {
  const all = Object.keys(MOVES[mover]) as ApplicationState[];
  return all.filter((to) => statesBefore(mover, to).includes(from));
}
