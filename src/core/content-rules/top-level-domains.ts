/** How names end that phones make links of: countries' domains (ISO 3166), and those of the rest that are in common use (IANA root zone). */

const COUNTRIES =
  "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd cf cg ch ci ck cl cm " +
  "cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu " +
  "gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma " +
  "mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps " +
  "pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw " +
  "tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw";
const COMMON =
  "academy agency app art asia bank bar best bid bio biz blog buzz cafe cam care cash casino cat center chat city click cloud club codes " +
  "com community company coop country credit cyou date dating deals design dev digital direct download edu email energy events exchange " +
  "express family fans finance fit fun fund fyi gallery game games gay gifts global gold gov group guide guru health help host hosting " +
  "house icu ink info insure int international investments jobs land law life link live loan loans lol ltd mail market marketing me media men " +
  "mil mobi money monster name net network news ninja one online ooo org page party pay photo photos pics plus post press pro productions promo " +
  "properties pub quest racing red rent rest review reviews rocks run sale sbs school science scot security services sex shop shopping show site " +
  "skin social software solutions space store stream studio style support surf systems tax team tech tel tickets tips today tools top tours " +
  "town toys trade trading training travel university vacations ventures video vip vote wales wang watch webcam website wedding wiki win wine " +
  "work works world wtf xin xyz yoga zip zone";
const OTHER_SCRIPTS =
  "рф бел укр қаз срб мкд сайт онлайн дети москва рус бг ею ελ ευ 中国 中國 公司 网络 网站 香港 台湾 在线 みんな 한국 भारत";

const KNOWN = new Set(`${COUNTRIES} ${COMMON} ${OTHER_SCRIPTS}`.split(" "));

export function isTopLevelDomain(label: string): boolean {
  const lower = label.toLowerCase();
  return KNOWN.has(lower) || lower.startsWith("xn--");
}
