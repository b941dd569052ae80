// What does the package offer? This, and the hooks under `@aboard/client/react`.

export { metaOf, type Meta } from "./answer.js";
export {
  createAboard,
  type Aboard,
  type AboardOptions,
  type Creators,
  type Organizations,
  type TokenSource,
} from "./client.js";
export {
  AboardError,
  isAboardError,
  type AboardDetail,
  type AboardErrorKind,
  type RateLimit,
} from "./errors.js";
export type { AnswerOf, CallOptions, KeyedCallOptions, OperationId, ParamsOf } from "./operations.js";
export { isPassing, newIdempotencyKey, repeatSafely, waitMs } from "./retry.js";
export { BearerUrl, Secret, type Navigator } from "./sealed.js";
export type { Credentials, NextStep, Session, SignedInSession } from "./session.js";
export type { Fetch } from "./transport.js";
export type { components, operations, paths } from "./generated/schema.js";
