// What the parts of the account page share.

export const $ = selector => document.querySelector(selector);

export const dates = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });

export function make(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}

/** @param icon The id of a symbol of the page. */
export function drawing(icon) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', document.getElementById(icon) ? `#${icon}` : '#Unknown');
  svg.setAttribute('aria-hidden', 'true');
  svg.append(use);
  return svg;
}

/** Above all parts: what has been done. */
export function say(words) {
  $('#notice').textContent = words;
  $('#problem').textContent = '';
}

/** A refusal in words, with how long to wait. */
export function wordsFor({ message, retryAfter }) {
  return retryAfter ? `${message} Try again in ${retryAfter < 120 ? `${retryAfter} s` : `${Math.ceil(retryAfter / 60)} min`}.` : message;
}

/** @returns Whether the person agrees. */
export function ask(title, words, yes) {
  const dialog = $('#ask');
  $('#ask-title').textContent = title;
  $('#ask-words').textContent = words;
  $('#ask-yes').textContent = yes;
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise(answered => dialog.addEventListener('close', () => answered(dialog.returnValue === 'yes'), { once: true }));
}

/** Does the work of a form, whose button rests meanwhile. */
export function onSubmit(form, work) {
  const button = form.querySelector('button.main, button:not([type])');
  form.addEventListener('submit', async event => {
    event.preventDefault();
    if (button.ariaDisabled === 'true')
      return;
    button.ariaDisabled = 'true';
    try {
      await work();
    } finally {
      button.ariaDisabled = null;
    }
  });
}
