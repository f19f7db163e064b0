/** Making and opening the package of a service. */
export { ensurePackaged, frameworkProgram } from '../build/fresh-package.ts';
export { compileCacheOf, openPackage } from '../commands/packaged-service.ts';
