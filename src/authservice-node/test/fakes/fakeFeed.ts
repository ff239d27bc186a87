import type { ServerResponse } from 'node:http';
import type { Call } from './fakeAuthService.js';

/** Answers `GET /revocations` as AuthService does: with the revocations after the cursor, or with none at the end of the wait. */
export class FakeFeed {
  readonly polls: { readonly after: string | null; readonly wait: number }[] = [];
  /** The number of open polls at this moment, and the greatest number so far. */
  open = 0;
  mostOpen = 0;
  pageSize = 1000;
  /** The first letter of this feed's cursors. A cursor with another letter is unknown. */
  letter = 'a';
  /** Members that replace those of the answer. */
  over: Record<string, unknown> = {};
  private entries: unknown[] = [];
  private readonly waiting = new Set<() => void>();

  revoke(...entries: unknown[]): void {
    this.entries.push(...entries);
    for (const answer of [...this.waiting])
      answer();
  }

  /** Begins again, as after a restart on another database: old cursors are unknown, and these are all entries. */
  begin(letter: string, ...entries: unknown[]): void {
    [this.letter, this.entries] = [letter, entries];
    for (const answer of [...this.waiting])
      answer();
  }

  async answer(call: Call, response: ServerResponse): Promise<void> {
    const [after, wait] = [call.query.get('after'), Number(call.query.get('wait'))];
    this.polls.push({ after, wait });
    this.mostOpen = Math.max(this.mostOpen, ++this.open);
    const from = after?.startsWith(this.letter) === true ? Number(after.slice(1)) : 0;
    if (this.entries.length <= from && wait > 0)
      await this.somethingNew(wait, response);
    this.open--;
    const restarted = after !== null && !after.startsWith(this.letter);
    const start = restarted ? 0 : from;
    const revoked = this.entries.slice(start, start + this.pageSize);
    const end = start + revoked.length;
    const flags = { ...end < this.entries.length && { more: true }, ...restarted && { restarted } };
    const answer = { cursor: `${this.letter}${end}`, now: Date.now() / 1000, revoked, ...flags };
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ ...answer, ...this.over }));
  }

  private somethingNew(wait: number, response: ServerResponse): Promise<void> {
    return new Promise(resolve => {
      const done = (): void => {
        clearTimeout(timer);
        this.waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, wait * 1000);
      this.waiting.add(done);
      response.on('close', done);
    });
  }
}
