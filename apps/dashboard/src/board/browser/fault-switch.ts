/** The switch that makes an alert, beside the headline that it changes. */
import type { FaultSwitch } from '../snapshot.ts';
import { byId, element, setText, show } from './dom.ts';

const boardFault = { id: 'board-outage', kind: 'status', options: { status: 503 } };
const willBreak =
  'Makes every call to the simulated provider fail. Within a minute the headline turns red and names the provider as the cause.';
const willMend =
  'the provider answers again at once; alerts clear by themselves 1 to 5 minutes after the last failure.';

async function switchFault(on: boolean, button: HTMLButtonElement, says: HTMLElement): Promise<void> {
  button.setAttribute('aria-disabled', 'true'); // stays focusable, unlike one that is disabled
  try {
    const response = on
      ? await fetch('/faults', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(boardFault),
        })
      : await fetch(`/faults/${boardFault.id}`, { method: 'DELETE' });
    if (!response.ok) throw new Error(((await response.json()) as { error?: string }).error ?? `${response.status}`);
  } catch (error) {
    setText(says, `It could not be switched: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    button.removeAttribute('aria-disabled');
  }
}

export function showFaultSwitch({ available, on, says }: FaultSwitch): void {
  const place = byId('fault');
  place.hidden = false;
  place.dataset.on = `${on}`;
  show(place, { available, on, says }, () => {
    if (!available) return [element('p', { class: 'meta' }, says)];
    const text = on ? `${says} The button ends that: ${willMend}` : willBreak;
    const explanation = element('p', { id: 'fault-says', role: 'status' }, text);
    const button = element(
      'button',
      { type: 'button', 'aria-describedby': 'fault-says', 'data-focus': 'fault', 'data-on': `${on}` },
      on ? 'Let the provider answer again' : 'Make the provider fail',
    ) as HTMLButtonElement;
    button.addEventListener('click', () => {
      if (!button.hasAttribute('aria-disabled')) void switchFault(!on, button, explanation);
    });
    return [button, explanation];
  });
}
