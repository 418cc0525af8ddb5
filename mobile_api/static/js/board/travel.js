// Minutes on the road between two places: the planner's straight line, with the figures that the page was given.

const METRES_A_DEGREE = 111_195;

export function minutesBetween(one, other, rules) {
  if (!one || !other) return 0;
  const shrink = Math.cos((one[0] * Math.PI) / 180);
  const up = (one[0] - other[0]) * METRES_A_DEGREE;
  const right = (one[1] - other[1]) * METRES_A_DEGREE * shrink;
  const metres = Math.hypot(up, right);
  if (metres <= 1) return 0;
  return Math.ceil(((metres * rules.road_factor * 3.6) / rules.kilometres_an_hour + rules.parking) / 60);
}
