import { referencesOf } from '../cloudformation/references.ts';
import { isTemplateObject, type TemplateValue } from '../cloudformation/template-value.ts';

/**
 * Takes every `DependsOn` out of a template that a reference implies already. The framework writes
 * such ones beside its own references; cfn-lint warns of them (W3005), and a CloudFormation that
 * takes lint warnings for errors refuses the template.
 *
 * @param template the compiled template, which is changed in place
 */
export function dropRedundantDependencies(template: TemplateValue): void {
  const resources = isTemplateObject(template) ? template['Resources'] : undefined;
  if (!isTemplateObject(resources)) return;
  for (const [logicalId, resource] of Object.entries(resources)) {
    if (!isTemplateObject(resource) || resource['DependsOn'] === undefined) continue;
    const implied = namesReferredTo(resource['Properties'] ?? null, logicalId);
    const kept = [resource['DependsOn']]
      .flat()
      .filter((name) => typeof name !== 'string' || !implied.has(name));
    if (kept.length === 0) delete resource['DependsOn'];
    else resource['DependsOn'] = kept;
  }
}

/** What `properties` refers to, whichever way its conditions are decided. */
function namesReferredTo(properties: TemplateValue, logicalId: string): ReadonlySet<string> {
  const decided = (outcome: boolean): Set<string> =>
    new Set(referencesOf(properties, logicalId, () => outcome).map(({ name }) => name));
  return decided(true).intersection(decided(false));
}
