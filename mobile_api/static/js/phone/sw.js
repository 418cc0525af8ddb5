// The worker keeps the app's own files, by version. Data and unsent work live in IndexedDB and are never touched here.
const version = "VERSION";
const kept = "KEPT";
const name = `doorstep-shell-${version}`;
const spoken = "doorstep-language"; // one note: which shell this phone's reader wants

self.addEventListener("install", (event) => event.waitUntil((async () => {
  const cache = await caches.open(name);
  await cache.addAll(kept.map((address) => new Request(address, {
    credentials: "same-origin", cache: address.startsWith("/t/") ? "reload" : "default", // a versioned file may stay
  })));
})()));

self.addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const old of await caches.keys()) if (old.startsWith("doorstep-shell-") && old !== name) await caches.delete(old);
  await self.clients.claim();
})()));

self.addEventListener("message", ({ data }) => { if (data === "update") self.skipWaiting(); }); // a person said yes

async function shell(address) {
  const cache = await caches.open(name);
  const asked = address.searchParams.get("lang");
  const language = ["zh", "en"].includes(asked) ? asked : await (await caches.match("/t/language"))?.text() ?? "zh";
  if (asked) await (await caches.open(spoken)).put("/t/language", new Response(language));
  return cache.match(`/t/${language}`);
}

// Cache first: a network that accepts and never answers is worse than none.
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate" && address.pathname.startsWith("/t/")) {
    event.respondWith(shell(address).then((found) => found ?? fetch(request)));
  } else if (/^\/(static|t\/screens)\//.test(address.pathname)) {
    event.respondWith(caches.match(request).then((found) => found ?? fetch(request)));
  }
});
