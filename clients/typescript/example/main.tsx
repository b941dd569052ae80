// A creator's page on Harbour Market: where do they stand, and what is the next click?

import { createAboard, isAboardError } from "@aboard/client";
import {
  AboardProvider,
  useDashboardLink,
  useInitiateStripeConnect,
  useStripeConnectStatus,
  useUpgradeToCreator,
} from "@aboard/client/react";
import { createRoot } from "react-dom/client";

let signedIn: Promise<string> | undefined;

/** Your backend gives a token for whoever is signed in; here vite.config.ts plays that part. */
function token(): Promise<string> {
  signedIn ??= fetch("/my-token", { cache: "no-store" }).then((answer) => answer.text());
  return signedIn;
}

const aboard = createAboard({ baseUrl: window.location.origin, token });

const WORDS = {
  NOT_STARTED: "You have not set up payments yet.",
  PENDING: "Stripe is not finished with you, or you not with Stripe.",
  ACTIVE: "You can be paid.",
  RESTRICTED: "Stripe wants something from you.",
  DISABLED: "Stripe has closed this account.",
};

function Payments() {
  const status = useStripeConnectStatus();
  const upgrade = useUpgradeToCreator();
  const start = useInitiateStripeConnect({ onSuccess: ({ onboardingUrl }) => onboardingUrl.navigate() });
  const dashboard = useDashboardLink({ onSuccess: ({ url }) => url.navigate() });

  if (status.isPending) return <p>One moment…</p>;
  if (isAboardError(status.error) && status.error.code === "creator.stripe.not_creator") {
    return (
      <button onClick={() => upgrade.mutate()} disabled={upgrade.isPending}>
        Become a creator
      </button>
    );
  }
  const state = status.data?.stripeAccountStatus;
  const error = start.error ?? dashboard.error ?? status.error;
  return (
    <>
      {state && <p>{WORDS[state]}</p>}
      {state !== "ACTIVE" && state !== "DISABLED" && (
        <button onClick={() => start.mutate()} disabled={start.isPending}>
          {state === "NOT_STARTED" ? "Set up payments" : "Go on at Stripe"}
        </button>
      )}
      {state === "ACTIVE" && (
        <button onClick={() => dashboard.mutate()} disabled={dashboard.isPending}>
          Open your Stripe dashboard
        </button>
      )}
      <button onClick={() => void status.refetch()}>Look again</button>
      {error && <p role="alert">{error.message}</p>}
    </>
  );
}

createRoot(document.getElementById("root") as HTMLElement).render(
  <AboardProvider client={aboard}>
    <h1>Payments</h1>
    <Payments />
  </AboardProvider>,
);
