// Nothing may go wrong in silence: console errors, exceptions, refused or failed requests of a page fail its test.

import type { BrowserContext, ConsoleMessage } from '@playwright/test';

/** Collects into `troubles` whatever goes wrong in any page of the context. */
export function watch(context: BrowserContext, troubles: string[]): void {
  context.on('console', (message) => {
    if (message.type() === 'error' && !isStatusOfPage(message)) {
      troubles.push(`console: ${message.text()} (${message.location().url})`);
    }
  });
  context.on('weberror', (error) => troubles.push(`exception: ${error.error().message}`));
  context.on('response', (response) => {
    const request = response.request();
    // The status of a page itself is for the test to judge.
    if (response.status() >= 400 && !request.isNavigationRequest()) {
      troubles.push(`${response.status()} for ${request.method()} ${request.url()}`);
    }
  });
  context.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? '';
    // What a page was still loading when it was left.
    if (why !== 'net::ERR_ABORTED') troubles.push(`${why} for ${request.method()} ${request.url()}`);
  });
}

/** Chromium also writes the status of a page into its console when that is an error. */
function isStatusOfPage(message: ConsoleMessage): boolean {
  const isStatus = message.text().startsWith('Failed to load resource: the server responded with a status of');
  return isStatus && message.location().url === message.page()?.url();
}
