// Which operations does this client know before the description that it was generated from? They
// answer 404 where the service has none. What the description has, replaces what stands here.

import type { CallOptions, Calls, OperationFacts } from "./operations.js";
import type { BearerUrl } from "./sealed.js";

type KycState = "NOT_STARTED" | "PENDING" | "APPROVED" | "REJECTED" | "EXPIRED";
type AccountState = "NOT_STARTED" | "PENDING" | "ACTIVE" | "RESTRICTED" | "DISABLED";
interface InMode {
  mode?: "test" | "live";
}

interface Profile {
  creatorId: string;
  displayName: string | null;
  bio: string | null;
  kycStatus: KycState;
  kycProvider: string | null;
  kycCompletedAt: string | null;
  stripeAccountId: string | null;
  stripeAccountStatus: AccountState;
  stripeChargesEnabled: boolean;
  stripePayoutsEnabled: boolean;
  preferredPayoutMethod: string | null;
  createdAt: string;
  updatedAt: string;
}

interface PayoutSettings {
  bankDetails: null;
  stripeConnect: { connected: boolean; payoutsEnabled: boolean };
  preferredPayoutMethod: string | null;
  availableMethods: { STRIPE_CONNECT: boolean; BANK_TRANSFER: boolean };
}

interface Ahead {
  /** The whole profile. */
  profile(params?: InMode, options?: CallOptions): Promise<Profile>;
  /** Change what is given, and nothing else. */
  changeProfile(
    params?: { displayName?: string | null; bio?: string | null },
    options?: CallOptions,
  ): Promise<Profile>;
  /** How the creator can be paid, from memory: cheap enough for every page. */
  payoutSettings(params?: InMode, options?: CallOptions): Promise<PayoutSettings>;
  /** Begin to prove who one is; the link leads to whoever checks it. */
  kycStart(
    params?: Record<never, never>,
    options?: CallOptions,
  ): Promise<{ redirectUrl: BearerUrl; sessionId: string; provider: string }>;
  kycStatus(
    params?: Record<never, never>,
    options?: CallOptions,
  ): Promise<{
    status: KycState;
    provider: string | null;
    providerId: string | null;
    completedAt: string | null;
  }>;
}

type Described = Calls<"creators">;

/** The creators API: a bearer token says who the creator is. */
export type Creators = Described & Omit<Ahead, keyof Described>;

const row = (name: string, method: string, path: string, rest: Partial<OperationFacts> = {}): OperationFacts => ({
  group: "creators",
  name,
  method,
  path: `/api/v1/creators/${path}`,
  query: [],
  hasBody: false,
  takesKey: false,
  isAnonymous: false,
  ...rest,
});

export const AHEAD: readonly OperationFacts[] = [
  row("profile", "GET", "profile", { query: ["mode"] }),
  row("changeProfile", "PATCH", "profile", { hasBody: true }),
  row("payoutSettings", "GET", "payout-settings", { query: ["mode"] }),
  row("kycStart", "POST", "kyc/start"),
  row("kycStatus", "GET", "kyc/status"),
];

export const LINKS_AHEAD = ["redirectUrl"] as const;
export const SECRETS_AHEAD = ["accessToken"] as const;
