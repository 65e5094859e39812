// A mail server that accepts what it is sent, unless a test has it refuse.

import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** One mail, read as its recipient would. */
export interface Letter {
  to: string;
  from: string;
  subject: string;
  text: string;
  html: string;
  headers: Record<string, string>;
  /** Where the button leads; empty in mails that only tell something. */
  link: string;
  /** The code to type, in groups. */
  code: string;
  /** Where an invite is declined. */
  decline: string;
}

interface Refusal {
  status: number;
  text: string;
  times: number;
}

interface Waiting {
  address: string;
  resolve: (letter: Letter) => void;
}

export class Mailbox {
  readonly #server: SMTPServer;
  readonly #letters: Letter[] = [];
  readonly #read = new Set<Letter>();
  readonly #refusals = new Map<string, Refusal>();
  #waiting: Waiting[] = [];
  #dawdles = 0;

  /** Listens on `port`, or on a free one. */
  static async open(port = 0): Promise<Mailbox> {
    const mailbox = new Mailbox();
    await new Promise<void>((resolve, reject) => {
      mailbox.#server.once('error', reject);
      mailbox.#server.listen(port, '127.0.0.1', resolve);
    });
    return mailbox;
  }

  private constructor() {
    const onRcptTo: SMTPServerOptions['onRcptTo'] = (recipient, _session, answer) => {
      const refusal = this.#refusals.get(recipient.address);
      if (!refusal || refusal.times === 0) return answer();
      refusal.times -= 1;
      answer(Object.assign(new Error(refusal.text), { responseCode: refusal.status }));
    };
    const onData: SMTPServerOptions['onData'] = (stream, session, answer) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map((recipient) => recipient.address);
        read(Buffer.concat(chunks), to[0] ?? '').then((letter) => {
          this.#deliver(letter);
          setTimeout(answer, this.#dawdles);
        }, answer);
      });
    };
    this.#server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      closeTimeout: 50,
      onRcptTo,
      onData,
    });
  }

  get port(): number {
    const address = this.#server.server.address();
    if (!address || typeof address === 'string') throw new Error('the mailbox is closed');
    return address.port;
  }

  /** Takes mails at once and says so only after so many milliseconds: who sends may be gone by then. */
  dawdle(milliseconds: number): void {
    this.#dawdles = milliseconds;
  }

  /** Answers mails to `address` with an error, `times` times and then no more. */
  refuse(address: string, status: number, text: string, times = Number.POSITIVE_INFINITY): void {
    this.#refusals.set(address, { status, text, times });
  }

  accept(address: string): void {
    this.#refusals.delete(address);
  }

  /** The next mail to `address` that was not read yet, now or when it comes. */
  async next(address: string, within = 10_000): Promise<Letter> {
    const there = this.#letters.find((letter) => letter.to === address && !this.#read.has(letter));
    if (there) return this.#take(there);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const others = this.#letters.map((letter) => `${letter.to}: ${letter.subject}`).join('\n');
        reject(new Error(`no mail to ${address} within ${within / 1000} s; there were:\n${others}`));
      }, within);
      this.#waiting.push({
        address,
        resolve: (letter) => {
          clearTimeout(timer);
          resolve(this.#take(letter));
        },
      });
    });
  }

  /** How many mails to `address` were accepted so far. */
  count(address: string): number {
    return this.#letters.filter((letter) => letter.to === address).length;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(resolve));
  }

  #take(letter: Letter): Letter {
    this.#read.add(letter);
    return letter;
  }

  #deliver(letter: Letter): void {
    this.#letters.push(letter);
    const next = this.#waiting.find((waiting) => waiting.address === letter.to);
    if (!next) return;
    this.#waiting = this.#waiting.filter((waiting) => waiting !== next);
    next.resolve(letter);
  }
}

async function read(raw: Buffer, to: string): Promise<Letter> {
  const mail = await PostalMime.parse(raw);
  const text = mail.text ?? '';
  return {
    to,
    from: mail.from?.address ?? '',
    subject: mail.subject ?? '',
    text,
    html: mail.html ?? '',
    headers: Object.fromEntries(mail.headers.map((header) => [header.key, header.value])),
    link: text.match(/https?:\/\/\S+\/(?:invite|verify|reset|passkey)\/\S+/)?.[0] ?? '',
    decline: text.match(/https?:\/\/\S+\/decline\/\S+/)?.[0] ?? '',
    code: text.match(/^[B-DF-HJ-NP-TV-Z]{4,5}(?:-[B-DF-HJ-NP-TV-Z]{4,5})+$/m)?.[0] ?? '',
  };
}
