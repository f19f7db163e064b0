import type { ServerResponse } from 'node:http';
import * as z from 'zod';
import type { AwsRequest, AwsService } from '../endpoint/aws-request.ts';
import type { LocalContext } from '../context/local-context.ts';
import type { Queue, QueueDirectory } from '../sqs/queue.ts';
import type { Storage } from '../storage/storage.ts';
import { problemsOf } from './health.ts';

const REGION = /^[a-z]{2,4}(?:-[a-z]+){1,3}-\d{1,2}$/;

/**
 * One service in every region that somebody asks for: an instance each, made at first use, with a
 * context and a storage of its own. A request goes to the region of its credential scope; without a
 * signature, or with a region that cannot be one, to that of the stack.
 */
export class Regional<Service extends AwsService> implements AwsService {
  readonly #context: LocalContext;
  readonly #make: (context: LocalContext) => Service;
  readonly #used: Regions;
  readonly #instances = new Map<string, Service>();

  constructor(context: LocalContext, regions: Regions, make: (context: LocalContext) => Service) {
    this.#context = context;
    this.#used = regions;
    this.#make = make;
  }

  /** The instance in the stack's region. */
  get ofStack(): Service {
    return this.in(this.#context.region);
  }

  in(region: string): Service {
    const existing = this.#instances.get(region);
    if (existing) return existing;
    const storage = storageOf(this.#context, region);
    const made = this.#make({ ...this.#context, region, storage });
    this.#instances.set(region, made);
    this.#used.add(region);
    return made;
  }

  /** Those that were made, with their regions. */
  instances(): [string, Service][] {
    return [...this.#instances];
  }

  handle(request: AwsRequest, response: ServerResponse): Promise<void> {
    const { region } = request;
    const known = region !== undefined && REGION.test(region);
    return this.in(known ? region : this.#context.region).handle(request, response);
  }

  problems(): string[] {
    return Object.entries(problemsOf(Object.fromEntries(this.#instances))).flatMap(
      ([region, problems]) => problems.map((problem) => `${problem} (${region})`),
    );
  }
}

/** The queues of all regions, by their ARNs: a topic may deliver to another region. */
export const queuesOfAllRegions = (
  services: Regional<AwsService & QueueDirectory>,
): QueueDirectory => ({
  queueByArn(arn: string): Queue | undefined {
    const region = regionOfArn(arn);
    const found = services.instances().find(([name]) => name === region);
    return found?.[1].queueByArn(arn);
  },
});

/** The fourth part of `arn:aws:<service>:<region>:…`. */
export const regionOfArn = (arn: string): string | undefined => arn.split(':')[3];

/** The regions that were used, also in earlier runs: what waits there goes on at the next start. */
export class Regions {
  readonly #stored;
  readonly #names: Set<string>;

  constructor(storage: Storage) {
    this.#stored = storage.collection('regions', (json) => z.string().parse(json));
    this.#names = new Set(this.#stored.load().map(({ value }) => value));
  }

  names(): string[] {
    return [...this.#names];
  }

  add(region: string): void {
    if (this.#names.has(region)) return;
    this.#names.add(region);
    this.#stored.put(region, region);
  }
}

/** Collections of one region, apart from those of the same name in another. */
const storageOf = ({ storage }: LocalContext, region: string): Storage => ({
  volatile: storage.volatile,
  collection: (name, parse) => storage.collection(`${region}/${name}`, parse),
  flushed: () => storage.flushed(),
  close: () => storage.close(),
});
