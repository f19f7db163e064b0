import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ActivityStream } from '../activity/activity-stream.ts';
import type { ProvisionedStack } from '../cloudformation/provision-stack.ts';
import type { PlainHandler } from '../endpoint/http-endpoint.ts';
import type { Faults } from '../faults/faults.ts';
import { answerFaults } from '../faults/faults-page.ts';
import { answerEmails, type SentEmails } from '../ses/emails-page.ts';
import { answerActivity } from '../activity/feed.ts';
import { page } from './page.ts';

export interface LocalPages {
  handle: PlainHandler;
  /** Called once the stack stands. */
  showResources(stack: ProvisionedStack): void;
}

const INDEX = page(
  'Local system',
  `<ul>
<li><a href="/_local/emails">Sent mails</a></li>
<li><a href="/_local/resources">Resources</a> (JSON)</li>
<li><a href="/_local/health">Health</a> (JSON; 503 when a part has stopped)</li>
<li><a href="/_local/activity?follow=false">Activity</a> (one JSON object per line;
  <a href="/_local/activity">follow</a>)</li>
<li><a href="/_local/faults">Faults</a> that are on (JSON)</li>
</ul>`,
);

/** The pages below `/_local/`: what runs here, what happens in it, what was mailed. */
export function localPages({
  activity,
  sent,
  faults,
  answerToken,
  problems,
}: {
  activity: ActivityStream;
  sent: SentEmails;
  faults: Faults;
  /** Answers a page that issues tokens; false for any other. */
  answerToken: (url: URL, response: ServerResponse) => Promise<boolean>;
  /** By the name of the part that has them. */
  problems: () => Record<string, string[]>;
}): LocalPages {
  let stack: ProvisionedStack = { resources: [], unsupported: [], outputs: {}, changes: [] };
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      send(response, 405, 'text/plain', 'Only GET is answered here.\n');
    } else if (url.pathname === '/_local/activity') {
      answerActivity(activity, url.searchParams, response);
    } else if (url.pathname === '/_local/resources') {
      send(response, 200, 'application/json', `${JSON.stringify(stack, undefined, 2)}\n`);
    } else if (url.pathname === '/_local/health') {
      const found = problems();
      const healthy = Object.keys(found).length === 0;
      const body = `${JSON.stringify({ healthy, problems: found })}\n`;
      send(response, healthy ? 200 : 503, 'application/json', body);
    } else if (/^\/_local\/emails(\/|$)/.test(url.pathname)) {
      answerEmails(sent, request, response);
    } else if (/^\/_local\/?$/.test(url.pathname)) {
      send(response, 200, 'text/html; charset=utf-8', INDEX);
    } else {
      send(response, 404, 'text/plain', 'There is no such page; /_local/ lists them.\n');
    }
  };
  return {
    handle: async (request, response) => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      if (/^\/_local\/faults(\/|$)/.test(url.pathname)) {
        await answerFaults(faults, request, response);
        return;
      }
      if (await answerToken(url, response)) return;
      handle(request, response);
    },
    showResources: (provisioned) => {
      stack = provisioned;
    },
  };
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type });
  response.end(body);
}
