/** Envoy's own answers to clients that speak gRPC: a status in headers, with HTTP's always 200. */
import type { HttpRequest, HttpResponse } from './http.ts'

export function isGrpc({ headers }: HttpRequest): boolean {
  return /^application\/grpc(\+|$)/.test(headers['content-type'] ?? '')
}

/** By those of HTTP; 2 (unknown) for all others. */
const statuses: Readonly<Record<number, number>> = {
  400: 13,
  401: 16,
  403: 7,
  404: 12,
  429: 14,
  502: 14,
  503: 14,
  504: 14,
}

export function grpcResponse({
  status,
  headers,
  body,
  grpcStatus = statuses[status] ?? 2,
}: HttpResponse): HttpResponse {
  const { 'content-length': _length, 'content-type': _type, ...rest } = headers
  const message = body.toString()
  return {
    status: 200,
    headers: {
      ...rest,
      'content-type': 'application/grpc',
      'grpc-status': String(grpcStatus),
      ...(message ? { 'grpc-message': encodeURI(message).replaceAll('%20', ' ') } : {}),
    },
    body: '',
  }
}
