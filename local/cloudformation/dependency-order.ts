import { referencesOf } from './references.ts';
import type { Resolver } from './resolver.ts';
import { explicitDependencies, type Template } from './template.ts';
import { TemplateError } from './template-error.ts';

/**
 * The logical ids of the resources to create, each after everything it refers to or depends on.
 * Resources whose condition is false are left out.
 *
 * @throws TemplateError for a reference to nothing, and for a cycle, which it names
 */
export function dependencyOrder(template: Template, resolver: Resolver): string[] {
  const dependencies = new Map<string, Set<string>>();
  for (const [logicalId, resource] of Object.entries(template.Resources)) {
    const path = `Resources.${logicalId}`;
    if (resource.Condition && !resolver.condition(resource.Condition, `${path}.Condition`))
      continue;
    dependencies.set(logicalId, resourcesNeededBy(logicalId, template, resolver));
  }

  const ordered = new Set<string>();
  const visiting: string[] = [];
  const visit = (logicalId: string): void => {
    if (ordered.has(logicalId)) return;
    if (visiting.includes(logicalId)) {
      const cycle = [...visiting.slice(visiting.indexOf(logicalId)), logicalId].join(' → ');
      throw new TemplateError(`Resources.${logicalId}`, `circular dependency: ${cycle}`);
    }
    visiting.push(logicalId);
    for (const needed of dependencies.get(logicalId) ?? []) visit(needed);
    visiting.pop();
    // An absent key is a resource whose condition is false.
    if (dependencies.has(logicalId)) ordered.add(logicalId);
  };
  for (const logicalId of dependencies.keys()) visit(logicalId);
  return [...ordered];
}

function resourcesNeededBy(logicalId: string, template: Template, resolver: Resolver): Set<string> {
  const resource = template.Resources[logicalId];
  const needed = new Set<string>();
  if (!resource) return needed;
  for (const other of explicitDependencies(resource)) {
    if (!Object.hasOwn(template.Resources, other)) {
      throw new TemplateError(
        `Resources.${logicalId}.DependsOn`,
        `the template has no resource ${other}`,
      );
    }
    needed.add(other);
  }
  const references = referencesOf(
    resource.Properties,
    `Resources.${logicalId}.Properties`,
    (name, path) => resolver.condition(name, path),
  );
  for (const { name, path } of references) {
    if (Object.hasOwn(template.Resources, name)) needed.add(name);
    else if (!Object.hasOwn(template.Parameters, name) && !name.startsWith('AWS::')) {
      throw new TemplateError(path, `the template has no resource or parameter ${name}`);
    }
  }
  return needed;
}
