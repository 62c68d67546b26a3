// Turbo: V8's 256-bit arithmetic, checked before it is trusted.

export interface TurboState {
  readonly on: boolean;
  readonly reason?: string;
}
