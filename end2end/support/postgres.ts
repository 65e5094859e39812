// Databases of our own on the Postgres server that the tests were given.

import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface Database {
  url: string;
  /** Runs a statement, for what no page and no command can set. */
  run(statement: string): Promise<void>;
  drop(): Promise<void>;
}

export async function createDatabase(): Promise<Database> {
  const server = process.env.VESTIBULE_TEST_POSTGRES;
  if (!server) throw new Error('VESTIBULE_TEST_POSTGRES is not set');
  const name = `end2end_${randomBytes(6).toString('hex')}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  await once(server, `CREATE DATABASE ${name}`);
  return {
    url: url.href,
    run: (statement) => once(url.href, statement),
    drop: () => once(server, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}

async function once(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
