// A dialog with one field, for the second step of a sign-in and for the proof that a call asks for. A passkey needs no field.

const kinds = {
  password: { words: 'Your password', type: 'password', autocomplete: 'current-password' },
  verificationCode: { words: 'Code of your authenticator app, or a recovery code', type: 'text', autocomplete: 'one-time-code' },
  passkey: { words: 'The browser asks for your passkey.', hidden: true },
};

export class Question {
  constructor() {
    this.title = make('h2', { id: 'question-title' });
    this.label = make('label', { htmlFor: 'question-answer' });
    this.field = make('input', { id: 'question-answer', required: true, maxLength: 1024, spellcheck: false });
    this.message = make('output', { role: 'alert' });
    this.proceed = make('button', { textContent: 'Continue' });
    this.passkey = make('button', { type: 'button', textContent: 'Use a passkey' });
    const cancel = make('button', { type: 'button', textContent: 'Cancel' });
    this.form = make('form', {});
    this.form.append(this.title, this.label, this.field, this.message, cancel, this.passkey, this.proceed);
    this.dialog = make('dialog', { id: 'question' });
    this.dialog.setAttribute('aria-labelledby', this.title.id);
    this.dialog.append(this.form);
    cancel.addEventListener('click', () => this.dialog.close());
    document.body.append(this.dialog);
  }

  /**
   * Asks until an attempt succeeds, and says why one did not.
   * @param kind Of what is asked for.
   * @param attempt Takes what was typed.
   * @param tryPasskey For whoever may use a passkey instead.
   * @returns What the attempt gave; null when the person would rather not.
   */
  ask(title, kind, attempt, tryPasskey) {
    const { words, type = 'text', autocomplete = 'off', hidden = false } = kinds[kind];
    this.title.textContent = title;
    this.label.textContent = words;
    this.message.value = '';
    Object.assign(this.field, { type, autocomplete, hidden, required: !hidden, value: '' });
    this.passkey.hidden = !tryPasskey;
    this.dialog.showModal();
    (hidden ? this.proceed : this.field).focus();
    return new Promise(resolve => {
      this.form.onsubmit = event => {
        event.preventDefault();
        this.run(() => attempt(this.field.value), resolve);
      };
      this.passkey.onclick = () => this.run(tryPasskey, resolve);
      this.dialog.onclose = () => {
        this.field.value = '';
        resolve(null);
      };
    });
  }

  /** An attempt that gives null has not been made. */
  async run(attempt, resolve) {
    this.proceed.disabled = this.passkey.disabled = true;
    this.message.value = '';
    try {
      const given = await attempt();
      if (given === null)
        return;
      resolve(given);
      this.dialog.close();
    } catch (refusal) {
      this.message.value = refusal.message;
      this.field.select();
    } finally {
      this.proceed.disabled = this.passkey.disabled = false;
    }
  }
}

export function make(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}
