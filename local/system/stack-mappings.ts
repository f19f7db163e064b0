import type { EventSourceMappings } from '../event-source-mapping/service.ts';
import type { EventSourceMappingConfiguration } from '../event-source-mapping/model/mapping-configuration.ts';

/** Event source mappings of a stack that is being made: they start when all of it stands. */
export class StackMappings {
  readonly #mappings: EventSourceMappings;
  readonly #enabled: string[] = [];

  /** @param mappings made with `startPaused` */
  constructor(mappings: EventSourceMappings) {
    this.#mappings = mappings;
  }

  async ensureMapping(configuration: EventSourceMappingConfiguration): Promise<{ uuid: string }> {
    const mapping = await this.#mappings.ensureMapping(configuration);
    if (configuration.enabled !== false) this.#enabled.push(mapping.uuid);
    return mapping;
  }

  resumeEnabled(): void {
    for (const uuid of this.#enabled) this.#mappings.resume(uuid);
  }
}
