// Where a technician is taken to be, while on shift only. No phone tells its position: it is what the plan and the
// arrivals say, and the map says which of these it is. Pure.

import { timeOf } from "./model.js";

// {how, xy, visit}: "at" a visit, on the way "to" it, the "next" one, the "last" one, or where the day "start"s; null
// when not on shift at `minute`, or when nothing is known.
export function whereabouts(technician, visits, minute) {
  if (!technician.sh || minute < technician.sh[0] || minute >= technician.sh[1]) return null;
  const placed = visits.filter((visit) => visit.xy);
  const first = (status) => placed.find((visit) => visit.s === status);
  const here = first("on_site");
  if (here) return { how: "at", xy: here.xy, visit: here };
  const toward = first("en_route");
  if (toward) return { how: "to", xy: toward.xy, visit: toward };
  const next = placed.find((visit) => visit.s === "booked");
  if (next) return { how: "next", xy: next.xy, visit: next };
  const last = placed.filter((visit) => visit.s === "sealed" || visit.s === "no_access").at(-1);
  if (last) return { how: "last", xy: last.xy, visit: last };
  return technician.xy ? { how: "start", xy: technician.xy, visit: null } : null;
}

// The way of a day: where it begins, then its visits in the order of time.
export function route(technician, visits) {
  const stops = visits.filter((visit) => visit.xy).sort((one, other) => timeOf(one)[0] - timeOf(other)[0]);
  const places = stops.map((visit) => visit.xy);
  return technician.xy ? [technician.xy, ...places] : places;
}
