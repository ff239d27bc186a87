import { json, needsProof } from './fakeService.js';

interface KeptDevice {
  readonly id: string;
  readonly current: boolean;
}

/** The data of a person that the service stores beside sessions and passkeys. */
export class FakeDetails {
  /** The tokens of links in mails (`link of ann`). Each can be used once. */
  readonly links = new Set<string>();
  readonly devices: KeptDevice[] = [{ id: 'device-2', current: true }, { id: 'device-1', current: false }];
  /** The last address that was requested. */
  asked: string | null = null;

  /**
   * Answers the routes that need no sign-in. The result is undefined for other routes.
   * @param revokeAll Called with the person when their sessions are revoked.
   */
  answerAnyone(route: string, body: string, revokeAll: (person: string) => void): Response | undefined {
    switch (route) {
      case 'POST /api/password/reset':
        return new Response(null);
      case 'POST /api/password/reset/new':
        return this.#resetPassword(body, revokeAll);
      case 'POST /account/email/confirm':
        return this.#useLink(body, () => undefined);
      case 'POST /account/not-me':
        return this.#useLink(body, revokeAll);
      default:
        return undefined;
    }
  }

  /** Answers the routes of devices and address in the Account API. The result is undefined for other routes. */
  answer(route: string, proved: boolean, body: string): Response | undefined {
    switch (route) {
      case 'GET /account/devices':
        return json(this.devices);
      case 'GET /account/email':
        return json({ email: 'ann@example.com', confirmed: true, canChange: true });
      case 'PUT /account/email':
        if (!proved)
          return needsProof();
        this.asked = (JSON.parse(body) as { email: string }).email;
        return new Response(null, { status: 202 });
      default:
        return route.startsWith('DELETE /account/devices/') ? this.#forget(route) : undefined;
    }
  }

  #resetPassword(body: string, revokeAll: (person: string) => void): Response {
    const { token, newPassword } = JSON.parse(body) as { token: string; newPassword: string };
    if (!this.links.has(token))
      return json({ why: 'The token is unknown', errorCode: 'INVALID_TOKEN' }, 400);
    if (newPassword.length < 8)
      return json({ why: 'It is too short', errorCode: 'PASSWORD_NOT_ALLOWED' }, 400);
    this.links.delete(token);
    revokeAll(token.replace('link of ', ''));
    return new Response(null);
  }

  #useLink(body: string, done: (person: string) => void): Response {
    const { token } = JSON.parse(body) as { token: string };
    if (!this.links.delete(token))
      return json({ message: 'The token is unknown', status: 'INVALID_TOKEN' }, 400);
    done(token.replace('link of ', ''));
    return new Response(null, { status: 204 });
  }

  #forget(route: string): Response {
    const found = this.devices.findIndex(({ id }) => route.endsWith(`/${id}`));
    if (found < 0)
      return json({ message: 'There is no such device', status: 'DEVICE_NOT_FOUND' }, 404);
    this.devices.splice(found, 1);
    return new Response(null, { status: 204 });
  }
}
