// A page that waits for a code goes on by itself when the address is verified elsewhere: told by the server, or asked
// now and then where it cannot be told.
const { wait } = document.querySelector('[data-wait]').dataset;

const told = new EventSource(wait);
told.addEventListener('over', () => location.reload());
told.onerror = () => {
  told.close();
  setTimeout(ask, 5_000);
};

async function ask() {
  const answer = await fetch(`${wait}?once`).catch(() => undefined);
  if (answer?.ok && (await answer.text()).includes('event: over')) location.reload();
  else setTimeout(ask, 5_000);
}
