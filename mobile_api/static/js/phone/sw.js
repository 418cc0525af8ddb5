// The worker keeps the app's own files, by version. Data and unsent work live in IndexedDB and are never touched here.
const kept = "KEPT";
const name = `doorstep-shell-${"VERSION"}`;
const spoken = "doorstep-language"; // one note: which shell this phone's reader wants

async function install() {
  const cache = await caches.open(name);
  await cache.addAll(kept.map((address) => new Request(address, {
    credentials: "same-origin", cache: address.startsWith("/t/") ? "reload" : "default", // a versioned file may stay
  })));
}
async function activate() {
  const old = (await caches.keys()).filter((one) => one.startsWith("doorstep-shell-") && one !== name);
  await Promise.all(old.map((one) => caches.delete(one)));
  await self.clients.claim();
}
self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", ({ data }) => { if (data === "update") self.skipWaiting(); }); // a person said yes

async function shell(address) {
  const asked = address.searchParams.get("lang");
  const language = ["zh", "en"].includes(asked) ? asked : await (await caches.match("/t/language"))?.text() ?? "zh";
  if (asked) await (await caches.open(spoken)).put("/t/language", new Response(language));
  return file(`/t/${language}`);
}
const file = async (address) => await (await caches.open(name)).match(address) ?? caches.match(address);
// Cache first: a network that accepts and never answers is worse than none.
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  const isPage = request.mode === "navigate" && address.pathname.startsWith("/t/");
  const isFile = /^\/(static|t\/screens)\//.test(address.pathname);
  if (isPage || isFile) event.respondWith((isPage ? shell(address) : file(request)).then((it) => it ?? fetch(request)));
});
