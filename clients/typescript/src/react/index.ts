"use client";

// What does the package offer to React? A provider, five clicks and four questions.

export {
  useDashboardLink,
  useInitiateStripeConnect,
  useRefreshOnboardingLink,
  useStartKyc,
  useUpgradeToCreator,
  type Click,
  type ClickOptions,
} from "./mutations.js";
export { AboardProvider, useAboard, type AboardProviderProps } from "./provider.js";
export {
  useCreatorProfile,
  useKycStatus,
  usePayoutSettings,
  useStripeConnectStatus,
  type ModeOptions,
  type ReadOptions,
  type StatusOptions,
} from "./queries.js";
