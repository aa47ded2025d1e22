/**
 * The part of reflect-metadata that tsyringe, below @peculiar/x509, insists on: it asks for the types of constructors'
 * parameters, and x509's constructors have none.
 */
const provided = {
  getMetadata: () => undefined,
  getOwnMetadata: () => undefined,
  defineMetadata: () => undefined,
}

export function provideReflection(): void {
  if (!('getMetadata' in Reflect)) Object.assign(Reflect, provided)
}
