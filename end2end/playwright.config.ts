import { defineConfig, devices } from '@playwright/test';
import type { Options } from './support/test.ts';

const postgres = process.env.VESTIBULE_TEST_POSTGRES;
if (!postgres && process.env.CI) {
  throw new Error('VESTIBULE_TEST_POSTGRES must name a Postgres server where databases may be created');
}

// Machines that build for others are slow now and then; who waits in front of one wants to know sooner.
const patience = process.env.CI ? 3 : 1;

const desktop = { ...devices['Desktop Chrome'], channel: undefined };

export default defineConfig<object, Options>({
  testDir: 'tests',
  outputDir: 'test-results',
  reporter: [['list'], ['html', { outputFolder: 'report', open: 'never' }]],
  // Servers and browsers are one to a worker; within one, the tests of different files never share a person.
  fullyParallel: true,
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  timeout: 30_000 * patience,
  // Looking again by hand, as `eventually` does, must not wait long for what only another look can show.
  expect: { timeout: 5_000 },
  use: {
    actionTimeout: 5_000 * patience,
    navigationTimeout: 10_000 * patience,
    locale: 'en-GB',
    trace: 'off',
    launchOptions: {
      executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'chromium', use: desktop, testIgnore: ['phone.spec.ts', 'policy.spec.ts', 'clients*.spec.ts'] },
    // Programs instead of people: most of these tests open no browser.
    { name: 'machines', use: desktop, testMatch: ['clients*.spec.ts'] },
    {
      name: 'no-script',
      use: { ...desktop, javaScriptEnabled: false },
      testMatch: ['walk.spec.ts', 'users.spec.ts', 'code.spec.ts', 'links.spec.ts', 'keys.spec.ts', 'settings.spec.ts', 'account.spec.ts', 'openid.spec.ts', 'who.spec.ts'],
    },
    {
      name: 'phone',
      use: { ...desktop, viewport: { width: 320, height: 640 }, isMobile: true, hasTouch: true },
      testMatch: ['phone.spec.ts'],
    },
    ...(postgres
      ? [
          {
            name: 'postgres',
            use: { ...desktop, engine: 'postgres' as const },
            testMatch: ['walk.spec.ts', 'crash.spec.ts', 'policy.spec.ts'],
          },
          {
            name: 'forged-host-postgres',
            use: { ...desktop, engine: 'postgres' as const },
            testMatch: ['security.spec.ts'],
            grep: /forged host/,
          },
          {
            name: 'machines-postgres',
            use: { ...desktop, engine: 'postgres' as const },
            testMatch: ['clients*.spec.ts'],
          },
        ]
      : []),
  ],
});
