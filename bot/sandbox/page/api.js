// The sandbox's server, as this page knows it: one snapshot, one stream of changes, one way to act.

/** The snapshot as `as` sees it; without `as`, as the person that the server starts with. */
export async function fetchState(as) {
  const query = as ? `?as=${encodeURIComponent(as)}` : "";
  const response = await fetch(`/sandbox/state${query}`, { cache: "no-store" });
  const body = await response.json();
  if (!response.ok) throw new Error(body.error ?? "The sandbox could not show its state.");
  return body;
}

/** Do something as a person. Resolves to `{ok, error?, …}`; rejects only when nobody answers. */
export async function postAct(body) {
  const response = await fetch("/sandbox/act", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return { ok: false, error: "The sandbox did not understand this." };
  }
}

/** Call `changed(version)` for each change and `connected(yes)` as the stream comes and goes. */
export function followChanges(changed, connected) {
  const open = () => {
    const stream = new EventSource("/sandbox/changes");
    stream.onopen = () => connected(true);
    stream.onmessage = (event) => changed(JSON.parse(event.data).version);
    stream.onerror = () => {
      connected(false);
      // A browser tries again by itself unless the answer was a refusal.
      if (stream.readyState === EventSource.CLOSED) setTimeout(open, 1500);
    };
  };
  open();
}
