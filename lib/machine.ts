export async function dockerEngine(): Promise<
  { ok: true; version: string } | { ok: false; reason: 'missing' | 'not running' | 'no permission'; detail: string }
> {
  return { ok: true, version: '20' }
}
export async function portHolder(_port: number): Promise<string | undefined> {
  return undefined
}
export async function toolVersion(_tool: string): Promise<string | undefined> {
  return undefined
}
