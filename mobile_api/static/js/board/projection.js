// From degrees to the map's plane and back (Web Mercator, as tiles have it), and the shift of Chinese maps. Rows and
// places are WGS-84; only tiles may be drawn in GCJ-02, and then everything on them is shifted alike.

export const REFERENCE = 12; // zoom at which one unit of the plane is one pixel
const WORLD = 256 * 2 ** REFERENCE;
const EQUATOR = 2 * Math.PI * 6_378_137; // metres

export function project([latitude, longitude]) {
  const sine = Math.sin((latitude * Math.PI) / 180);
  return [WORLD * (longitude / 360 + 0.5), WORLD * (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI))];
}

export function unproject([x, y]) {
  const north = Math.PI * (1 - (2 * y) / WORLD);
  return [(Math.atan(Math.sinh(north)) * 180) / Math.PI, (x / WORLD - 0.5) * 360];
}

// Metres that one unit of the plane is at this latitude.
export const metresAUnit = (latitude) => (EQUATOR * Math.cos((latitude * Math.PI) / 180)) / WORLD;

const AXIS = 6_378_245;
const ECCENTRICITY = 0.006693421622965943;

const waves = (x, ...rows) => (rows.reduce((sum, [height, length]) => sum + height * Math.sin((x / length) * Math.PI), 0) * 2) / 3;

// The same place as a Chinese map draws it: the formula of mobile_api/technician/maps.py.
export function toGcj02([latitude, longitude]) {
  if (latitude < 0.8293 || latitude > 55.8271 || longitude < 72.004 || longitude > 137.8347) return [latitude, longitude];
  const x = longitude - 105;
  const y = latitude - 35;
  const ripple = waves(x, [20, 1 / 6], [20, 1 / 2]);
  const root = Math.sqrt(Math.abs(x));
  let north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ripple;
  north += waves(y, [20, 1], [40, 3], [160, 12], [320, 30]);
  let east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripple;
  east += waves(x, [20, 1], [40, 3], [150, 12], [300, 30]);
  const radians = (latitude * Math.PI) / 180;
  const slope = 1 - ECCENTRICITY * Math.sin(radians) ** 2;
  north = (north * 180) / (((AXIS * (1 - ECCENTRICITY)) / (slope * Math.sqrt(slope))) * Math.PI);
  east = (east * 180) / ((AXIS / Math.sqrt(slope)) * Math.cos(radians) * Math.PI);
  return [latitude + north, longitude + east];
}
