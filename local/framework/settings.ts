import * as z from 'zod';
import type { Service } from './framework.ts';

/** What a service may set for this runtime under `custom.templateRuntime` of its serverless.yml. */
export interface RuntimeSettings {
  /** The folder of sample events, one folder a function in it: `events`. */
  samples: string;
  /** The folder that a built handler is named below: `dist/api/list.handler` is `api/list.ts`. */
  output: string;
  /** False leaves all building to others; TypeScript handlers are built unless it is false. */
  build: boolean;
}

/** `custom.templateRuntime` holds a setting that there is not, or a value that cannot be used. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

const folder = z
  .string()
  .min(1)
  .transform((path) => path.replace(/^\.\//, '').replace(/\/+$/, ''));

const schema = z.strictObject({
  samples: folder.default('events'),
  output: folder.default('dist'),
  build: z.boolean().default(true),
});

/** @throws SettingsError */
export function runtimeSettings(service: Pick<Service, 'custom'>): RuntimeSettings {
  const parsed = schema.safeParse(service.custom?.['templateRuntime'] ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = ['custom.templateRuntime', ...(issue?.path ?? [])].join('.');
  throw new SettingsError(
    `${path}: ${issue?.message ?? 'not valid'} (settings are samples, output and build)`,
  );
}
