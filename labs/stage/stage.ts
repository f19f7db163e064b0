import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { ShortNames } from 'template-runtime/activity';
import { compileCacheOf, ensurePackaged, openPackage } from 'template-runtime/package';
import { startSystem, type System } from 'template-runtime/system';
import { Journeys } from './journeys.ts';
import type { Narrator } from './narrator.ts';
import { Shop } from './shop.ts';

/** One pattern, played: what happens, what breaks, how it recovers. */
export interface Lab {
  readonly title: string;
  /** The page about the pattern, from the repository's root. */
  readonly page: string;
  /** What the reader is going to see, in a few lines. */
  readonly about: string;
  /** To be answered before the lab is played. */
  readonly question: Question;
  /** The folder of serverless.yml; the application's own unless given. */
  readonly service?: string;
  /** Shortens what would take longer than a lab may; the lab says so. */
  readonly adapt?: (template: unknown) => unknown;
  readonly play: (stage: Stage) => Promise<void>;
}

export interface Question {
  readonly asks: string;
  readonly answers: readonly string[];
  /** Which of the answers is right, from 0. */
  readonly right: number;
  readonly because: string;
}

export interface StageOptions {
  /** Where pictures go; without it none is kept. */
  readonly pictureFolder?: string;
  readonly alteration?: Alteration;
}

/** Makes a system other than its package says, to show that the lab notices. */
export interface Alteration {
  readonly template?: (template: unknown) => unknown;
  /** Gets the code of each function as one ES module. */
  readonly code?: (functionLogicalId: string, source: string) => string;
}

/** What a lab plays with: a system of its own, its customers, and what becomes of their orders. */
export interface Stage {
  readonly system: System;
  /** The AWS SDK's own clients, as any program would use them. */
  readonly sqs: SQSClient;
  readonly sns: SNSClient;
  readonly shop: Shop;
  readonly narrator: Narrator;
  readonly journeys: Journeys;
  /** A resource's physical name by its logical id. */
  readonly nameOf: (logicalId: string) => string;
  /** Holds a function's queues back from it (`screenOrders`); what it returns lets them go. */
  readonly holdBack: (functionKey: string) => Promise<() => void>;
  /** Keeps a picture of what happened, where pictures were asked for. */
  readonly picture: (name: string, svg: string) => Promise<void>;
}

const APPLICATION = join(import.meta.dirname, '..', '..');
const LIMIT_MS = 10_000;

/** Something that the lab waits for did not come. */
export class NothingHappenedError extends Error {
  override readonly name = 'NothingHappenedError';
}

/**
 * Waits for what must happen soon.
 *
 * @throws NothingHappenedError after ten seconds
 */
export async function soon<T>(what: string, event: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new NothingHappenedError(`${what}: not within ${LIMIT_MS / 1_000} s`)),
      LIMIT_MS,
    );
  });
  try {
    return await Promise.race([event, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** The template has no such resource. */
export class UnknownResourceError extends Error {
  override readonly name = 'UnknownResourceError';
}

/**
 * Packages a service, runs it on a free port for as long as `play` takes, and leaves nothing behind.
 */
export async function withStage(
  { service = APPLICATION, adapt, play }: Pick<Lab, 'service' | 'adapt' | 'play'>,
  narrator: Narrator,
  { pictureFolder, alteration = {} }: StageOptions = {},
): Promise<void> {
  await ensurePackaged(service);
  const packaged = await openPackage(service);
  const template = adapt?.(packaged.template) ?? packaged.template;
  const altered = await mkdtemp(join(tmpdir(), 'lab-'));
  const system = await startSystem({
    template: alteration.template?.(template) ?? template,
    codeFolder: async (functionLogicalId, s3Key) => {
      const folder = await packaged.codeFolder(functionLogicalId, s3Key);
      const { code } = alteration;
      if (!code) return folder;
      return alteredCode(folder, join(altered, functionLogicalId), (source) =>
        code(functionLogicalId, source),
      );
    },
    port: 0,
    anyPortIfTaken: true,
    runEventSources: true,
    compileCacheFolder: compileCacheOf(service),
  });
  const prefix = namePrefix(system);
  const journeys = new Journeys(system.activity, new ShortNames(prefix));
  const nameOf = (logicalId: string): string => {
    const resource = system.resources.find((each) => each.logicalId === logicalId);
    if (!resource) throw new UnknownResourceError(`The template has no resource ${logicalId}`);
    return resource.physicalId;
  };
  const client = {
    endpoint: system.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'lab', secretAccessKey: 'lab' },
  };
  const sqs = new SQSClient({ ...client, useQueueUrlAsEndpoint: false });
  const sns = new SNSClient(client);
  try {
    await play({
      system,
      sqs,
      sns,
      shop: new Shop(system.url),
      narrator,
      journeys,
      nameOf,
      holdBack: async (functionKey) => {
        const mappings = system.eventSources.ofFunction(`${prefix}${functionKey}`);
        await Promise.all(mappings.map((mapping) => system.eventSources.pause(mapping)));
        return () => mappings.forEach((mapping) => system.eventSources.resume(mapping));
      },
      picture: async (name, svg) => {
        if (pictureFolder !== undefined) await writeFile(join(pictureFolder, `${name}.svg`), svg);
      },
    });
  } finally {
    journeys.close();
    sqs.destroy();
    sns.destroy();
    await system.stop();
    await rm(altered, { recursive: true, force: true });
  }
}

/** What the names of the service's resources begin with: `<service>-<stage>-`. */
function namePrefix({ resources }: System): string {
  for (const { logicalId, type, physicalId } of resources) {
    if (type !== 'AWS::Lambda::Function') continue;
    const key = logicalId.replace(/LambdaFunction$/, '');
    if (physicalId.toLowerCase().endsWith(`-${key.toLowerCase()}`)) {
      return physicalId.slice(0, -key.length);
    }
  }
  return '';
}

/** A copy of a function's code in which every module went through `alter`. */
async function alteredCode(
  folder: string,
  target: string,
  alter: (source: string) => string,
): Promise<string> {
  await cp(folder, target, { recursive: true });
  for (const name of await readdir(target, { recursive: true })) {
    if (!name.endsWith('.js')) continue;
    const file = join(target, name);
    await writeFile(file, alter(await readFile(file, 'utf8')));
  }
  return target;
}
