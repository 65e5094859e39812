// The real binary: started on a free port with a place of its own for its data, stopped, killed, started again.

import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDatabase, type Database } from './postgres.ts';

export type Engine = 'sqlite' | 'postgres';

const HERE = dirname(fileURLToPath(import.meta.url));
const BINARY = resolve(process.env.VESTIBULE_BIN || join(HERE, '../../target/release/vestibule'));

export const ORGANIZATION = 'Acme';

/** What a test may choose about the process. */
export interface Start {
  engine: Engine;
  /** The port of a mail server; without one Vestibule sends no mail. */
  smtp?: number;
  /** How browsers name it: for passkeys a network address is no name. */
  host?: 'localhost';
}

export class Vestibule {
  readonly url: string;
  /** Present on Postgres. */
  readonly database: Database | undefined;
  /** Everything that the process has written, for reports. */
  log = '';
  readonly #folder: string;
  readonly #port: Port;
  readonly #environment: NodeJS.ProcessEnv;
  #process: ChildProcess | undefined;
  #printed = '';

  /** Makes a place for data; nothing runs yet. */
  static async prepare(start: Start): Promise<Vestibule> {
    const folder = await mkdtemp(join(tmpdir(), 'vestibule-end2end-'));
    const database = start.engine === 'postgres' ? await createDatabase() : undefined;
    return new Vestibule(start, folder, await reservePort(), database);
  }

  private constructor(start: Start, folder: string, port: Port, database: Database | undefined) {
    this.url = `http://${start.host ?? '127.0.0.1'}:${port.number}`;
    this.database = database;
    this.#folder = folder;
    this.#port = port;
    // Nothing of the machine's own settings may reach the process under test.
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('VESTIBULE_'));
    this.#environment = {
      ...Object.fromEntries(inherited),
      VESTIBULE_LISTEN: `127.0.0.1:${port.number}`,
      VESTIBULE_PUBLIC_URL: this.url,
      VESTIBULE_ORGANIZATION: ORGANIZATION,
      DATABASE_URL: database?.url ?? `sqlite:${join(folder, 'vestibule.db')}`,
      ...(database && { VESTIBULE_SECRET_KEY: randomBytes(32).toString('hex') }),
      ...(start.smtp && { VESTIBULE_SMTP_URL: `smtp://127.0.0.1:${start.smtp}` }),
    };
  }

  /** Starts, and resolves when requests are answered. */
  async start(): Promise<void> {
    this.#printed = '';
    await this.#port.release();
    const child = this.#spawn(['serve']);
    this.#process = child;
    const before = this.log.length;
    await new Promise<void>((ready, failed) => {
      child.stderr?.on('data', () => {
        if (/\bserving\b/.test(this.log.slice(before))) ready();
      });
      child.once('error', failed);
      child.once('exit', (code, signal) => failed(new Error(`vestibule ended with ${code ?? signal}:\n${this.log}`)));
    });
  }

  /** The link that a process without an owner prints. */
  get setupLink(): string {
    const link = this.#printed.match(/http\S+\/setup\/\S+/)?.[0];
    if (!link) throw new Error(`no set-up link was printed, but: ${this.#printed}`);
    return link;
  }

  /** Makes an administrator on the command line. */
  async createAdministrator(who: { name: string; email: string; password: string }, role: string): Promise<void> {
    const child = this.#spawn(
      ['admin', 'create', '--email', who.email, '--name', who.name, '--role', role, '--password-stdin'],
    );
    child.stdin?.end(`${who.password}\n`);
    const code = await new Promise((done) => child.once('close', done));
    if (code !== 0) throw new Error(`admin create ended with ${code}:\n${this.log}`);
  }

  /** Runs another command on the same data, and gives the lines that it prints. */
  async run(...args: string[]): Promise<string[]> {
    const child = this.#spawn(args);
    let printed = '';
    child.stdout?.on('data', (data: Buffer) => (printed += data.toString()));
    const code = await new Promise((done) => child.once('close', done));
    if (code !== 0) throw new Error(`vestibule ${args.join(' ')} ended with ${code}:\n${this.log}`);
    return printed.trimEnd().split('\n');
  }

  /** Asks the process to end, and expects it to do so in good order. */
  async stop(): Promise<void> {
    const child = this.#running();
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGTERM');
    const code = await ended;
    this.#process = undefined;
    if (code !== 0) throw new Error(`vestibule ended with ${code}:\n${this.log}`);
  }

  /** As a power cut would: the process gets no chance to do anything. */
  async kill(): Promise<void> {
    const child = this.#running();
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await ended;
    this.#process = undefined;
  }

  /** Ends the process and removes all that it kept. */
  async remove(): Promise<void> {
    if (this.#process) await this.kill();
    await this.#port.release();
    await this.database?.drop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  #running(): ChildProcess {
    if (!this.#process) throw new Error('vestibule does not run');
    return this.#process;
  }

  #spawn(args: string[]): ChildProcess {
    const child = spawn(BINARY, args, { cwd: this.#folder, env: this.#environment });
    // Also read to the end because the process would block on a full pipe.
    child.stdout.on('data', (data: Buffer) => (this.#printed += data.toString()));
    child.stderr.on('data', (data: Buffer) => (this.log += data.toString()));
    return child;
  }
}

/** A port that is kept from everybody else until it is released. */
interface Port {
  number: number;
  release(): Promise<void>;
}

function reservePort(): Promise<Port> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (!address || typeof address !== 'object') return reject(new Error('no port'));
      // Who is closed already says so by an error, which is no news.
      resolve({ number: address.port, release: () => new Promise((done) => server.close(() => done())) });
    });
  });
}
