// Written by scripts/generate.mjs from Aboard's OpenAPI description; do not edit.
// SHA-256 of the description: a056dcf35830b35ff835c5afc17e481027cb34f6e1cb3865407636f17aa0506d

export interface paths {
    "/api/v1/auth/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Enter the code
         * @description Become a user by the code that was mailed, with the password that is given here.
         *
         *     **Limit**: 20 calls an hour for each address.
         */
        post: operations["confirmRegistration"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in
         * @description Sign in: a bearer token for 15 minutes, and a cookie that carries the session further.
         *
         *     Whatever does not fit, and whoever is not there, is one and the same refusal.
         *
         *     **Limit**: 20 calls an hour for each address.
         */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign out
         * @description End the session of the cookie, and its bearer tokens at once. Harmless when repeated.
         *
         *     **Limit**: 60 calls an hour for each address.
         */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get a new bearer token
         * @description Use the cookie up for a new bearer token and a new cookie.
         *
         *     A cookie that was used before ends its session, for whoever holds it.
         *
         *     **Limit**: 60 calls an hour for each address.
         */
        post: operations["refreshSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Register
         * @description Begin to become a user. The answer is the same for an e-mail that has a user already.
         *
         *     `nextStep` says how it goes on: `confirm` by the code that is mailed, or `login`.
         *
         *     **Limit**: 10 calls an hour for each address.
         */
        post: operations["register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List one's sessions
         * @description List the caller's sessions that go on, the newest first, 100 at most.
         *
         *     **Limit**: 30 calls an hour for each caller.
         */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions/revoke-others": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End all other sessions
         * @description End every session of the caller's but the current one.
         *
         *     **Limit**: 20 calls an hour for each caller.
         */
        post: operations["revokeOtherSessions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions/{sessionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End another session
         * @description End another session of the caller's, and its bearer tokens at once.
         *
         *     **Limit**: 20 calls an hour for each caller.
         */
        delete: operations["revokeSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/creators/kyc/pending": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the checks that wait
         * @description List the checks that wait for a decision. Operators only.
         *
         *     **Limit**: 120 calls an hour for each caller.
         *
         *     **What happens, in order**
         *
         *     1. The checks that wait are looked up, by the creator's id.
         */
        get: operations["listPendingKyc"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/creators/kyc/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin a check of who the creator is
         * @description Begin a check of the caller, or another attempt after one that ended.
         *
         *     Send the creator to `redirectUrl` at once. `provider` is a name for people: what a client
         *     does must not depend on it.
         *
         *     **Limit**: 5 calls an hour for each caller.
         *
         *     **What happens, in order**
         *
         *     1. The profile and the check are looked up.
         *     2. A new attempt is written with its audit row (`kyc.start`), if no other came first.
         *     3. The log says `kyc.started`, never the session.
         */
        post: operations["startCreatorKyc"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/creators/kyc/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read how the check stands
         * @description Read how the caller's check stands.
         *
         *     **Limit**: 120 calls an hour for each caller.
         *
         *     **What happens, in order**
         *
         *     1. The check is looked up. Nobody else is asked.
         */
        get: operations["getCreatorKyc"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/creators/payout-settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read how the creator is paid
         * @description Read how the caller is paid, as it is remembered: good for asking often.
         *
         *     **Limit**: 120 calls an hour for each caller.
         *
         *     **What happens, in order**
         *
         *     1. The profile and the stored account are looked up. Stripe is not asked.
         */
        get: operations["getPayoutSettings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/creators/profile": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the profile
         * @description Read the caller's profile, with what is remembered of their account.
         *
         *     **Limit**: 120 calls an hour for each caller.
         *
         *     **What happens, in order**
         *
         *     1. The profile, the check and the stored account are looked up. Stripe is not asked.
         */
        get: operations["getCreatorProfile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change the profile
         * @description Change what is given of the caller's profile, null to nothing, and answer with all.
         *
         *     **Limit**: 30 calls an hour for each caller.
         *
         *     **What happens, in order**
         *
         *     1. What is given is written; what is left out stays. Stripe is neither told nor asked.
         *     2. The profile is read again, and told.
         */
        patch: operations["changeCreatorProfile"];
        trace?: never;
    };
    "/api/v1/creators/stripe-connect/dashboard-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get a link to the Express dashboard
         * @description Answer with a single-use link to Stripe's Express dashboard, for an active account.
         *
         *     **Limit**: 10 calls an hour for each caller.
         *
         *     **What happens, in order**
         *
         *     1. The profile and the stored account are looked up.
         *     2. An account that is not known to be `ACTIVE` is read from Stripe once, and remembered.
         *     3. Stripe makes the link, which is written nowhere. The log says `login_link.issued`.
         */
        post: operations["createCreatorDashboardLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/creators/stripe-connect/initiate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start onboarding
         * @description Make the creator's Express account once, and answer with a link to its onboarding.
         *
         *     With an account already there, the link is a new one for the same account. Where the
         *     platform wants to know its creators, their check must be APPROVED.
         *
         *     **Limit**: 10 calls an hour for each caller.
         *
         *     **What happens, in order**
         *
         *     1. The profile is looked up: without one, 404.
         *     2. The check of who the creator is must be APPROVED, where the platform asks for one.
         *     3. Without an account: a row is reserved and claimed, each by one conditional write.
         *     4. Without an account: Stripe makes one, under an idempotency key made from that row.
         *     5. Its id and its first snapshot are written; the log says `account.created`.
         *     6. The onboarding is written, with the addresses where the creator ends.
         *     7. Stripe makes the link. Its purpose and times are written, never its address.
         *     8. The log says `link.issued`.
         */
        post: operations["initiateCreatorOnboarding"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/creators/stripe-connect/refresh-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get a new onboarding link
         * @description Answer with a new single-use link for the account that is there; writes nothing.
         *
         *     **Limit**: 10 calls an hour for each caller.
         *
         *     **What happens, in order**
         *
         *     1. The profile is looked up: without one, 404.
         *     2. The account is looked up: without one, 400.
         *     3. Stripe makes the link. If it says that the account is gone, that is written down.
         *     4. The log says `link.issued`, never which link. Nothing is written to the database.
         */
        post: operations["refreshCreatorLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/creators/stripe-connect/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the account's status
         * @description Read the account from Stripe and remember it; without Stripe, answer from memory.
         *
         *     From memory, `detailsSubmitted` is false and means unknown, and the header
         *     `X-Status-Source` says `stored`.
         *
         *     **Limit**: 10 calls an hour for each caller.
         *
         *     **What happens, in order**
         *
         *     1. The profile and the stored account are looked up.
         *     2. Stripe is asked for the account, for `ABOARD_STATUS_TIMEOUT_SECONDS` at most.
         *     3. What Stripe says is written in one commit, with the news for the platform in it.
         *     4. Without an answer from Stripe nothing is written, and the stored values are told.
         */
        get: operations["getCreatorStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/creators/upgrade": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Become a creator
         * @description Make the caller a creator; the same answer when they already are one.
         *
         *     The body may be left out. A profile that is there stays as it is.
         *
         *     **Limit**: 30 calls an hour for each caller.
         *
         *     **What happens, in order**
         *
         *     1. The caller's creator profile is written, unless it is there already.
         */
        post: operations["upgradeToCreator"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/creators/{creatorId}/kyc/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decide a check
         * @description Decide a creator's check, or correct a decision. Operators only; audited.
         *
         *     The same decision again changes nothing.
         *
         *     **Limit**: 120 calls an hour for each caller.
         *
         *     **What happens, in order**
         *
         *     1. The creator and the check are looked up.
         *     2. The decision is written with its audit row, if no other came first.
         *     3. The log says `kyc.changed`.
         */
        post: operations["decideKyc"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connect/accounts/onboarding-links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start or resume onboarding
         * @description Start or resume the organization's onboarding and answer with a single-use link.
         *
         *     Repeated with the same `Idempotency-Key`, it answers with a new link for the same account:
         *     links are never stored. A complete account is a 409 `nothing_due` unless `force` is true,
         *     a disconnected or rejected one a 409 unless `restart` is true.
         *
         *     **Limit**: 60 calls an hour for each caller.
         */
        post: operations["createOnboardingLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connect/accounts/{organizationId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the connection
         * @description Read the organization's connection: stored with `syncedAt`, or live with `fresh`.
         *
         *     **Limit**: 60 calls an hour for each caller.
         */
        get: operations["getConnection"];
        put?: never;
        post?: never;
        /**
         * Disconnect the account
         * @description End the account at Stripe where Stripe allows, else forget it; and let go of it here.
         *
         *     The header `Aboard-Disconnection` says which it was.
         *
         *     **Limit**: 60 calls an hour for each caller.
         */
        delete: operations["disconnect"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connect/accounts/{organizationId}/account-sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open embedded components
         * @description Answer with the secret that opens Stripe's embedded components.
         *
         *     The names of components are Stripe's, and Stripe decides which this account may have.
         *
         *     **Limit**: 60 calls an hour for each caller.
         */
        post: operations["createAccountSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connect/accounts/{organizationId}/go-live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Go live
         * @description Open the gate, if Stripe says just now that nothing stands before it.
         *
         *     Otherwise 409 `not_ready` with the blockers. A gate that is open stays as it is. Facts
         *     close it again at any reading; nothing but a person opens it.
         *
         *     **Limit**: 60 calls an hour for each caller.
         */
        post: operations["goLive"];
        /**
         * Stop being live
         * @description Close the gate by hand. A gate that is not open stays as it is.
         *
         *     **Limit**: 60 calls an hour for each caller.
         */
        delete: operations["stopLive"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connect/accounts/{organizationId}/login-links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open Stripe's Express dashboard
         * @description Answer with a single-use link to Stripe's Express dashboard.
         *
         *     Stripe gives it to accounts with that dashboard, after onboarding.
         *
         *     **Limit**: 60 calls an hour for each caller.
         */
        post: operations["createLoginLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connect/accounts/{organizationId}/page-links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open Aboard's own pages
         * @description Answer with a single-use link to Aboard's own pages for owners.
         *
         *     Whoever opens it sees and may do there what the caller may.
         *
         *     **Limit**: 60 calls an hour for each caller.
         */
        post: operations["createPageLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connect/accounts/{organizationId}/requirements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the checklist
         * @description Read what Stripe still wants, by when it bites, in words that a seller understands.
         *
         *     The support role sees neither errors nor deadlines.
         *
         *     **Limit**: 60 calls an hour for each caller.
         */
        get: operations["getRequirements"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connect/accounts/{organizationId}/setup-state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read how far the set-up is
         * @description Read how far the organization has come, and what stands before going live.
         *
         *     **Limit**: 60 calls an hour for each caller.
         */
        get: operations["getSetupState"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the service's health
         * @description Say whether the service can do its work, and how each part stands.
         */
        get: operations["readHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/organizations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the caller's organizations
         * @description List the caller's organizations by id: those that the token names, and the stored ones.
         *
         *     Operators too see only those that they belong to.
         *
         *     **Limit**: 60 calls an hour for each caller.
         */
        get: operations["listOrganizations"];
        put?: never;
        /**
         * Make an organization
         * @description Make an organization. Whoever makes it is its first owner, except operators.
         *
         *     An operator's belongs to `ownerUserId`, or to nobody yet. Only operators, and those whose
         *     token calls them owner of it, may choose the id.
         *
         *     **Limit**: 60 calls an hour for each caller.
         */
        post: operations["createOrganization"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/organizations/{organizationId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an organization
         * @description Read an organization and the caller's role in it.
         *
         *     One that only tokens know has no name here: `name`, `timeZone` and `createdAt` are null.
         *
         *     **Limit**: 60 calls an hour for each caller.
         */
        get: operations["getOrganization"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change an organization
         * @description Change the name, the time zone or both. Needs owner or admin.
         *
         *     **Limit**: 60 calls an hour for each caller.
         */
        patch: operations["changeOrganization"];
        trace?: never;
    };
    "/v1/organizations/{organizationId}/account-shape": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read how accounts are made
         * @description Read how new accounts of the organization are made, and where that was decided.
         *
         *     **Limit**: 60 calls an hour for each caller.
         */
        get: operations["getAccountShape"];
        /**
         * Decide how accounts are made
         * @description Decide how new accounts of the organization are made. Operators only.
         *
         *     Give a `type`, or a `controller` instead. An account that is there already stays as it is.
         *
         *     **Limit**: 60 calls an hour for each caller.
         */
        put: operations["setAccountShape"];
        post?: never;
        /**
         * Make accounts as the settings say
         * @description Make new accounts as the settings say again, and answer with that. Operators only.
         *
         *     **Limit**: 60 calls an hour for each caller.
         */
        delete: operations["forgetAccountShape"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/organizations/{organizationId}/go-live-policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what the gate asks for
         * @description Read what the gate asks of the organization, and where that was decided.
         *
         *     **Limit**: 60 calls an hour for each caller.
         */
        get: operations["getGoLivePolicy"];
        /**
         * Decide what the gate asks for
         * @description Decide what the gate asks of the organization. Operators only.
         *
         *     A gate that is open is judged by it at the next reading of the account.
         *
         *     **Limit**: 60 calls an hour for each caller.
         */
        put: operations["setGoLivePolicy"];
        post?: never;
        /**
         * Ask for what the settings say
         * @description Ask for what the settings say again, and answer with that. Operators only.
         *
         *     **Limit**: 60 calls an hour for each caller.
         */
        delete: operations["forgetGoLivePolicy"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/organizations/{organizationId}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the members
         * @description List the stored members by user id. Those whom only tokens name are not among them.
         *
         *     **Limit**: 60 calls an hour for each caller.
         */
        get: operations["listMembers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/organizations/{organizationId}/members/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Give a member a role
         * @description Give a user a role, as a new member or in place of another one.
         *
         *     Needs owner or admin; the owner's role is given and taken by owners alone. The last owner
         *     stays: 409 `last_owner`. The change is audited with its reason.
         *
         *     **Limit**: 60 calls an hour for each caller.
         */
        put: operations["setMember"];
        post?: never;
        /**
         * Remove a member
         * @description Take a user out of the organization, by the rules of giving roles.
         *
         *     A token that names the user's role goes on holding until it ends.
         *
         *     **Limit**: 60 calls an hour for each caller.
         */
        delete: operations["removeMember"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** AccessToken */
        AccessToken: {
            accessToken: string;
            expiresIn: number;
        };
        /** AccountStatus */
        AccountStatus: {
            chargesEnabled: boolean;
            detailsSubmitted: boolean;
            payoutsEnabled: boolean;
            stripeAccountId: string | null;
            stripeAccountStatus: components["schemas"]["CreatorStatus"];
        };
        /**
         * Actor
         * @description Who must act for the account to move on.
         * @enum {string}
         */
        Actor: "owner" | "stripe" | "platform" | "nobody";
        /** AvailableMethods */
        AvailableMethods: {
            /** @default false */
            BANK_TRANSFER?: boolean;
            STRIPE_CONNECT: boolean;
        };
        /**
         * BusinessType
         * @description What kind of business an account is for, in Stripe's words.
         * @enum {string}
         */
        BusinessType: "individual" | "company" | "non_profit" | "government_entity";
        /**
         * Collect
         * @description How much the hosted flow asks for: now, or all that thresholds will demand later.
         * @default currently_due
         * @enum {string}
         */
        Collect: "currently_due" | "eventually_due";
        /**
         * Condition
         * @description What a policy may ask for beside charges, submitted details and nothing past due.
         * @enum {string}
         */
        Condition: "payouts" | "webhooks" | "live_mode" | "nothing_currently_due";
        /** Confirmation */
        Confirmation: {
            /** @description The 8 digits from the mail. */
            code: string;
            /**
             * @description One plain e-mail address, in any case.
             * @example ana@shop.example
             */
            email: string;
            /** @description 8 to 128 characters of any kind. */
            password: string;
        };
        /** ConnectPayouts */
        ConnectPayouts: {
            connected: boolean;
            payoutsEnabled: boolean;
        };
        /** Connection */
        Connection: {
            capabilities: {
                [key: string]: string;
            };
            chargesEnabled: boolean;
            currentDeadline: string | null;
            detailsSubmitted: boolean;
            disabledReason: string | null;
            mode: components["schemas"]["Mode"];
            organizationId: string;
            payoutsEnabled: boolean;
            readiness: components["schemas"]["Readiness"];
            source: components["schemas"]["Source"];
            stripeAccountId: string | null;
            syncedAt: string | null;
            whoMustAct: components["schemas"]["Actor"];
        };
        /** Controller */
        Controller: {
            /** @enum {null|string} */
            "fees.payer"?: "account" | "application" | null;
            /** @enum {null|string} */
            "losses.payments"?: "stripe" | "application" | null;
            /** @enum {null|string} */
            requirement_collection?: "stripe" | "application" | null;
            /** @enum {null|string} */
            "stripe_dashboard.type"?: "full" | "express" | "none" | null;
        };
        /**
         * CreatorStatus
         * @description The five words of the creators dialect.
         * @enum {string}
         */
        CreatorStatus: "NOT_STARTED" | "PENDING" | "ACTIVE" | "RESTRICTED" | "DISABLED";
        /** DashboardLink */
        DashboardLink: {
            url: string;
        };
        /** Decided */
        Decided: {
            completedAt: string | null;
            creatorId: string;
            provider: string | null;
            providerId: string | null;
            status: components["schemas"]["KycStatus"];
        };
        /**
         * DecidedBy
         * @description Whose word holds: this organization's own, or the settings' for all.
         * @enum {string}
         */
        DecidedBy: "organization" | "settings";
        /**
         * Decision
         * @description What may be decided.
         * @enum {string}
         */
        Decision: "APPROVED" | "REJECTED" | "EXPIRED";
        /** DecisionRequest */
        DecisionRequest: {
            decision: components["schemas"]["Decision"];
            /** @description 1 to 500 characters on one line. */
            reason?: string | null;
        };
        /** Detail */
        Detail: {
            code?: string | null;
            field?: string | null;
            message: string;
            requestId?: string | null;
        };
        /** Details */
        Details: {
            blockers?: string[] | null;
            canRestart?: boolean | null;
            checklist?: components["schemas"]["WorkGroups"] | null;
            country?: string | null;
            problems?: components["schemas"]["Problem"][] | null;
            readiness?: string | null;
            reason?: string | null;
            retryAfterSeconds?: number | null;
            stripeCode?: string | null;
            stripeParam?: string | null;
            stripeRequestId?: string | null;
            stripeType?: string | null;
        };
        /** Failure */
        Failure: {
            code: string;
            correlationId: string;
            details: components["schemas"]["Detail"][];
            i18nKey: string;
            i18nVars: {
                [key: string]: string | number;
            };
            message: string;
        };
        /** Health */
        Health: {
            details: {
                [key: string]: components["schemas"]["HealthDetails"];
            };
            ok: boolean;
            services: {
                [key: string]: string;
            };
            status: components["schemas"]["HealthStatus"];
            /** Format: date-time */
            timestamp: string;
        };
        /** HealthDetails */
        HealthDetails: {
            lastSeenSeconds?: number | null;
            latencyMs?: number | null;
            oldestDueSeconds?: number | null;
            reason?: string | null;
        };
        /**
         * HealthStatus
         * @description How the service stands as a whole.
         * @enum {string}
         */
        HealthStatus: "ok" | "degraded" | "down";
        /** Initiated */
        Initiated: {
            accountId: string;
            onboardingUrl: string;
        };
        /** ItemProblem */
        ItemProblem: {
            code: string;
            reason: string;
            whatToDo: string;
        };
        /** KycSession */
        KycSession: {
            provider: string;
            redirectUrl: string;
            sessionId: string;
        };
        /** KycState */
        KycState: {
            completedAt: string | null;
            provider: string | null;
            providerId: string | null;
            status: components["schemas"]["KycStatus"];
        };
        /**
         * KycStatus
         * @description The five states, in the words of the creators API.
         * @enum {string}
         */
        KycStatus: "NOT_STARTED" | "PENDING" | "APPROVED" | "REJECTED" | "EXPIRED";
        /** LinkAnswer */
        LinkAnswer: {
            /** Format: date-time */
            expiresAt: string;
            onboardingUrl: string;
        };
        /** LinkRequest */
        LinkRequest: {
            businessType?: components["schemas"]["BusinessType"] | null;
            collect?: components["schemas"]["Collect"];
            /** @description Two capital letters, as PT. */
            country?: string | null;
            /** @description An e-mail address in ASCII. */
            email?: string | null;
            /** @default false */
            force?: boolean;
            mode: components["schemas"]["Mode"];
            /** @description The platform's id: 1 to 255 visible ASCII characters, none of / \ % ; and neither . nor .. */
            organizationId: string;
            refreshUrl: string;
            /** @default false */
            restart?: boolean;
            returnUrl: string;
        };
        /** Login */
        Login: {
            /**
             * @description One plain e-mail address, in any case.
             * @example ana@shop.example
             */
            email: string;
            /** @description 8 to 128 characters of any kind. */
            password: string;
        };
        /** LoginLinkAnswer */
        LoginLinkAnswer: {
            url: string;
        };
        /** MemberList */
        MemberList: {
            members: components["schemas"]["MemberRecord"][];
            next: string | null;
        };
        /** MemberRecord */
        MemberRecord: {
            organizationId: string;
            role: components["schemas"]["Role"];
            /** Format: date-time */
            since: string;
            userId: string;
        };
        /**
         * Mode
         * @description Stripe's two worlds, in our word; `livemode` exists only on Stripe's wire.
         * @enum {string}
         */
        Mode: "test" | "live";
        /** ModeRequest */
        ModeRequest: {
            mode: components["schemas"]["Mode"];
        };
        /** NewOrganization */
        NewOrganization: {
            /** @description As people say it. */
            name: string;
            /** @description The platform's id: 1 to 255 visible ASCII characters, none of / \ % ; and neither . nor .. */
            organizationId?: string | null;
            /** @description Who owns it first, by their token's `sub`; only operators name somebody else. */
            ownerUserId?: string | null;
            /**
             * @description An IANA name: Europe/Lisbon.
             * @default UTC
             */
            timeZone?: string;
        };
        /** NewProfile */
        NewProfile: {
            /** @description Up to 500 characters. */
            bio?: string | null;
            /** @description 1 to 100 characters on one line. */
            displayName?: string | null;
        };
        /** NewUser */
        NewUser: {
            /**
             * @description One plain e-mail address, in any case.
             * @example ana@shop.example
             */
            email: string;
            /** @description 8 to 128 characters of any kind. */
            password?: string | null;
        };
        /**
         * NextStep
         * @description What whoever registered does next.
         * @enum {string}
         */
        NextStep: "confirm" | "login";
        /** OnboardingLink */
        OnboardingLink: {
            onboardingUrl: string;
        };
        /** OrganizationChanges */
        OrganizationChanges: {
            /** @description As people say it. */
            name?: string | null;
            /** @description An IANA name: Europe/Lisbon. */
            timeZone?: string | null;
        };
        /** OrganizationList */
        OrganizationList: {
            next: string | null;
            organizations: components["schemas"]["OrganizationRecord"][];
        };
        /** OrganizationRecord */
        OrganizationRecord: {
            createdAt: string | null;
            name: string | null;
            organizationId: string;
            role: components["schemas"]["Role"];
            timeZone: string | null;
        };
        /**
         * OwnerPage
         * @description Where a ticket leads.
         * @default status
         * @enum {string}
         */
        OwnerPage: "status" | "checklist" | "back";
        /** PageLinkAnswer */
        PageLinkAnswer: {
            /** Format: date-time */
            expiresAt: string;
            url: string;
        };
        /** PageLinkRequest */
        PageLinkRequest: {
            mode: components["schemas"]["Mode"];
            page?: components["schemas"]["OwnerPage"];
        };
        /**
         * PayoutMethod
         * @description How a creator is paid out.
         * @enum {string}
         */
        PayoutMethod: "STRIPE_CONNECT";
        /** PayoutSettings */
        PayoutSettings: {
            availableMethods: components["schemas"]["AvailableMethods"];
            bankDetails: null;
            preferredPayoutMethod: components["schemas"]["PayoutMethod"] | null;
            stripeConnect: components["schemas"]["ConnectPayouts"];
        };
        /** PendingCheck */
        PendingCheck: {
            attempt: number;
            creatorId: string;
            displayName: string | null;
            provider: string;
            providerId: string | null;
            /** Format: date-time */
            startedAt: string;
        };
        /** PendingChecks */
        PendingChecks: {
            checks: components["schemas"]["PendingCheck"][];
            next: string | null;
        };
        /** PolicyAnswer */
        PolicyAnswer: {
            capabilities: string[];
            conditions: components["schemas"]["Condition"][];
            decidedBy: components["schemas"]["DecidedBy"];
            mode: components["schemas"]["Mode"];
            organizationId: string;
        };
        /** PolicyRequest */
        PolicyRequest: {
            /** @description Stripe's names of capabilities. */
            capabilities: string[];
            conditions: components["schemas"]["Condition"][];
        };
        /** Problem */
        Problem: {
            field: string;
            message: string;
        };
        /** Profile */
        Profile: {
            bio: string | null;
            /** Format: date-time */
            createdAt: string;
            creatorId: string;
            displayName: string | null;
            kycCompletedAt: string | null;
            kycProvider: string | null;
            kycStatus: components["schemas"]["KycStatus"];
            preferredPayoutMethod: components["schemas"]["PayoutMethod"] | null;
            stripeAccountId: string | null;
            stripeAccountStatus: components["schemas"]["CreatorStatus"];
            stripeChargesEnabled: boolean;
            stripePayoutsEnabled: boolean;
            /** Format: date-time */
            updatedAt: string;
        };
        /** ProfileChanges */
        ProfileChanges: {
            /** @description Up to 500 characters. */
            bio?: string | null;
            /** @description 1 to 100 characters on one line. */
            displayName?: string | null;
        };
        /**
         * Readiness
         * @description Our one-word judgement of an account.
         * @enum {string}
         */
        Readiness: "not_started" | "disconnected" | "rejected" | "incomplete" | "restricted" | "pending" | "restricted_soon" | "enabled" | "complete";
        /** Registered */
        Registered: {
            nextStep: components["schemas"]["NextStep"];
        };
        /** Revoked */
        Revoked: {
            revoked: number;
        };
        /**
         * Role
         * @description A member's role in one organization.
         * @enum {string}
         */
        Role: "owner" | "admin" | "finance" | "support";
        /** RoleRequest */
        RoleRequest: {
            /** @description Why; it is kept in the audit. */
            reason: string;
            role: components["schemas"]["Role"];
        };
        /** Session */
        Session: {
            address: string;
            /** Format: date-time */
            createdAt: string;
            device: string;
            /** Format: date-time */
            expiresAt: string;
            id: string;
            isCurrent: boolean;
            /** Format: date-time */
            lastUsedAt: string;
        };
        /** SessionAnswer */
        SessionAnswer: {
            clientSecret: string;
            /** Format: date-time */
            expiresAt: string;
        };
        /** SessionList */
        SessionList: {
            sessions: components["schemas"]["Session"][];
        };
        /** SessionRequest */
        SessionRequest: {
            components: string[];
            mode: components["schemas"]["Mode"];
        };
        /** Setup */
        Setup: {
            blockers: string[];
            closedAt: string | null;
            live: boolean;
            mode: components["schemas"]["Mode"];
            onboarded: boolean;
            openedAt: string | null;
            openedBy: string | null;
            operational: boolean;
            organizationId: string;
            source: components["schemas"]["Source"];
            syncedAt: string | null;
        };
        /** ShapeAnswer */
        ShapeAnswer: {
            businessType: string | null;
            capabilities: string[];
            controller: components["schemas"]["Controller"] | null;
            country: string | null;
            decidedBy: components["schemas"]["DecidedBy"];
            mode: components["schemas"]["Mode"];
            organizationId: string;
            type: string | null;
        };
        /** ShapeRequest */
        ShapeRequest: {
            businessType?: components["schemas"]["BusinessType"] | null;
            /** @description Stripe's names of capabilities. */
            capabilities?: string[] | null;
            controller?: components["schemas"]["Controller"] | null;
            country?: string | null;
            /** @enum {null|string} */
            type?: "express" | "standard" | "custom" | null;
        };
        /** SignedOut */
        SignedOut: {
            /** @default true */
            signedOut?: boolean;
        };
        /**
         * Source
         * @description Where an answer comes from.
         * @enum {string}
         */
        Source: "live" | "stored";
        /**
         * Subject
         * @description Whom or what a requirement is about.
         * @enum {string}
         */
        Subject: "business" | "individual" | "representative" | "owner" | "director" | "executive" | "authorizer" | "legal_guardian" | "person" | "bank_account" | "agreement" | "document";
        /** Success[AccessToken] */
        "Success_aboard.api.auth.schemas.AccessToken_": {
            data: components["schemas"]["AccessToken"];
            /**
             * @default true
             * @constant
             */
            success?: true;
        };
        /** Success[Registered] */
        "Success_aboard.api.auth.schemas.Registered_": {
            data: components["schemas"]["Registered"];
            /**
             * @default true
             * @constant
             */
            success?: true;
        };
        /** Success[Revoked] */
        "Success_aboard.api.auth.schemas.Revoked_": {
            data: components["schemas"]["Revoked"];
            /**
             * @default true
             * @constant
             */
            success?: true;
        };
        /** Success[SessionList] */
        "Success_aboard.api.auth.schemas.SessionList_": {
            data: components["schemas"]["SessionList"];
            /**
             * @default true
             * @constant
             */
            success?: true;
        };
        /** Success[SignedOut] */
        "Success_aboard.api.auth.schemas.SignedOut_": {
            data: components["schemas"]["SignedOut"];
            /**
             * @default true
             * @constant
             */
            success?: true;
        };
        /** Success[AccountStatus] */
        "Success_aboard.api.creators.schemas.AccountStatus_": {
            data: components["schemas"]["AccountStatus"];
            /**
             * @default true
             * @constant
             */
            success?: true;
        };
        /** Success[DashboardLink] */
        "Success_aboard.api.creators.schemas.DashboardLink_": {
            data: components["schemas"]["DashboardLink"];
            /**
             * @default true
             * @constant
             */
            success?: true;
        };
        /** Success[Initiated] */
        "Success_aboard.api.creators.schemas.Initiated_": {
            data: components["schemas"]["Initiated"];
            /**
             * @default true
             * @constant
             */
            success?: true;
        };
        /** Success[OnboardingLink] */
        "Success_aboard.api.creators.schemas.OnboardingLink_": {
            data: components["schemas"]["OnboardingLink"];
            /**
             * @default true
             * @constant
             */
            success?: true;
        };
        /** Success[Decided] */
        "Success_aboard.api.creators.schemas_profile.Decided_": {
            data: components["schemas"]["Decided"];
            /**
             * @default true
             * @constant
             */
            success?: true;
        };
        /** Success[KycSession] */
        "Success_aboard.api.creators.schemas_profile.KycSession_": {
            data: components["schemas"]["KycSession"];
            /**
             * @default true
             * @constant
             */
            success?: true;
        };
        /** Success[KycState] */
        "Success_aboard.api.creators.schemas_profile.KycState_": {
            data: components["schemas"]["KycState"];
            /**
             * @default true
             * @constant
             */
            success?: true;
        };
        /** Success[PayoutSettings] */
        "Success_aboard.api.creators.schemas_profile.PayoutSettings_": {
            data: components["schemas"]["PayoutSettings"];
            /**
             * @default true
             * @constant
             */
            success?: true;
        };
        /** Success[PendingChecks] */
        "Success_aboard.api.creators.schemas_profile.PendingChecks_": {
            data: components["schemas"]["PendingChecks"];
            /**
             * @default true
             * @constant
             */
            success?: true;
        };
        /** Success[Profile] */
        "Success_aboard.api.creators.schemas_profile.Profile_": {
            data: components["schemas"]["Profile"];
            /**
             * @default true
             * @constant
             */
            success?: true;
        };
        /** Success[Upgraded] */
        "Success_aboard.api.creators.schemas_profile.Upgraded_": {
            data: components["schemas"]["Upgraded"];
            /**
             * @default true
             * @constant
             */
            success?: true;
        };
        /** Upgraded */
        Upgraded: {
            bioPageUrl?: string;
            creatorId: string;
        };
        /** WorkGroups */
        WorkGroups: {
            currently_due: components["schemas"]["WorkItem"][];
            eventually_due: components["schemas"]["WorkItem"][];
            future: components["schemas"]["WorkItem"][];
            past_due: components["schemas"]["WorkItem"][];
            pending_verification: components["schemas"]["WorkItem"][];
        };
        /** WorkItem */
        WorkItem: {
            alternatives: string[][];
            deadline: string | null;
            errors: components["schemas"]["ItemProblem"][];
            help: string;
            key: string;
            personId: string | null;
            subject: components["schemas"]["Subject"];
            subjectTitle: string;
            title: string;
            why: string;
        };
        /** WorkList */
        WorkList: {
            groups: components["schemas"]["WorkGroups"];
            mode: components["schemas"]["Mode"];
            organizationId: string;
            readiness: components["schemas"]["Readiness"];
            source: components["schemas"]["Source"];
            syncedAt: string | null;
            whoMustAct: components["schemas"]["Actor"];
        };
        /** Failed */
        envelope_schemas_Failed: {
            error: components["schemas"]["Failure"];
            /**
             * @default false
             * @constant
             */
            success?: false;
        };
        /** Failed */
        organizations_schemas_Failed: {
            code: string;
            details?: components["schemas"]["Details"] | null;
            message: string;
            request_id: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    confirmRegistration: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Confirmation"];
            };
        };
        responses: {
            /** @description It went well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_aboard.api.auth.schemas.Registered_"];
                };
            };
        };
    };
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Login"];
            };
        };
        responses: {
            /** @description It went well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_aboard.api.auth.schemas.AccessToken_"];
                };
            };
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It went well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_aboard.api.auth.schemas.SignedOut_"];
                };
            };
        };
    };
    refreshSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It went well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_aboard.api.auth.schemas.AccessToken_"];
                };
            };
        };
    };
    register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewUser"];
            };
        };
        responses: {
            /** @description Request accepted, processing continues off-line */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_aboard.api.auth.schemas.Registered_"];
                };
            };
        };
    };
    listSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It went well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_aboard.api.auth.schemas.SessionList_"];
                };
            };
        };
    };
    revokeOtherSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It went well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_aboard.api.auth.schemas.Revoked_"];
                };
            };
        };
    };
    revokeSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A session's `id`. */
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It went well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_aboard.api.auth.schemas.Revoked_"];
                };
            };
        };
    };
    listPendingKyc: {
        parameters: {
            query?: {
                /** @description The last id of the page before: its `next`. */
                after?: string;
                /** @description How many a page has at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It went well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_aboard.api.creators.schemas_profile.PendingChecks_"];
                };
            };
        };
    };
    startCreatorKyc: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It went well. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_aboard.api.creators.schemas_profile.KycSession_"];
                };
            };
        };
    };
    getCreatorKyc: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It went well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_aboard.api.creators.schemas_profile.KycState_"];
                };
            };
        };
    };
    getPayoutSettings: {
        parameters: {
            query?: {
                /** @description Which of the two accounts; else the one of the settings. */
                mode?: components["schemas"]["Mode"] | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It went well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_aboard.api.creators.schemas_profile.PayoutSettings_"];
                };
            };
        };
    };
    getCreatorProfile: {
        parameters: {
            query?: {
                /** @description Which of the two accounts; else the one of the settings. */
                mode?: components["schemas"]["Mode"] | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It went well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_aboard.api.creators.schemas_profile.Profile_"];
                };
            };
        };
    };
    changeCreatorProfile: {
        parameters: {
            query?: {
                /** @description Which of the two accounts; else the one of the settings. */
                mode?: components["schemas"]["Mode"] | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProfileChanges"];
            };
        };
        responses: {
            /** @description It went well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_aboard.api.creators.schemas_profile.Profile_"];
                };
            };
        };
    };
    createCreatorDashboardLink: {
        parameters: {
            query?: {
                /** @description Which of the two accounts; else the one of the settings. */
                mode?: components["schemas"]["Mode"] | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It went well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_aboard.api.creators.schemas.DashboardLink_"];
                };
            };
        };
    };
    initiateCreatorOnboarding: {
        parameters: {
            query?: {
                /** @description Which of the two accounts; else the one of the settings. */
                mode?: components["schemas"]["Mode"] | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It went well. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_aboard.api.creators.schemas.Initiated_"];
                };
            };
        };
    };
    refreshCreatorLink: {
        parameters: {
            query?: {
                /** @description Which of the two accounts; else the one of the settings. */
                mode?: components["schemas"]["Mode"] | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It went well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_aboard.api.creators.schemas.OnboardingLink_"];
                };
            };
        };
    };
    getCreatorStatus: {
        parameters: {
            query?: {
                /** @description Which of the two accounts; else the one of the settings. */
                mode?: components["schemas"]["Mode"] | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It went well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_aboard.api.creators.schemas.AccountStatus_"];
                };
            };
        };
    };
    upgradeToCreator: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["NewProfile"];
            };
        };
        responses: {
            /** @description It went well. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_aboard.api.creators.schemas_profile.Upgraded_"];
                };
            };
        };
    };
    decideKyc: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The creator's id. */
                creatorId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DecisionRequest"];
            };
        };
        responses: {
            /** @description It went well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_aboard.api.creators.schemas_profile.Decided_"];
                };
            };
        };
    };
    createOnboardingLink: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible characters: a repeat within a day is the same request. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LinkRequest"];
            };
        };
        responses: {
            /** @description It went well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LinkAnswer"];
                };
            };
        };
    };
    getConnection: {
        parameters: {
            query: {
                /** @description Which of the two accounts. */
                mode: components["schemas"]["Mode"];
                /** @description Ask Stripe first. */
                fresh?: boolean;
            };
            header?: never;
            path: {
                organizationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It went well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Connection"];
                };
            };
        };
    };
    disconnect: {
        parameters: {
            query: {
                /** @description Which of the two accounts. */
                mode: components["schemas"]["Mode"];
                /** @description Let go here even of an account that Stripe lets nobody end. */
                forget?: boolean;
            };
            header?: {
                /** @description 1 to 255 visible characters: a repeat within a day is the same request. */
                "Idempotency-Key"?: string;
            };
            path: {
                organizationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It went well. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    createAccountSession: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible characters: a repeat within a day is the same request. */
                "Idempotency-Key"?: string;
            };
            path: {
                organizationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SessionRequest"];
            };
        };
        responses: {
            /** @description It went well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionAnswer"];
                };
            };
        };
    };
    goLive: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible characters: a repeat within a day is the same request. */
                "Idempotency-Key"?: string;
            };
            path: {
                organizationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ModeRequest"];
            };
        };
        responses: {
            /** @description It went well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Setup"];
                };
            };
        };
    };
    stopLive: {
        parameters: {
            query: {
                /** @description Which of the two accounts. */
                mode: components["schemas"]["Mode"];
            };
            header?: {
                /** @description 1 to 255 visible characters: a repeat within a day is the same request. */
                "Idempotency-Key"?: string;
            };
            path: {
                organizationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It went well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Setup"];
                };
            };
        };
    };
    createLoginLink: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible characters: a repeat within a day is the same request. */
                "Idempotency-Key"?: string;
            };
            path: {
                organizationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ModeRequest"];
            };
        };
        responses: {
            /** @description It went well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoginLinkAnswer"];
                };
            };
        };
    };
    createPageLink: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible characters: a repeat within a day is the same request. */
                "Idempotency-Key"?: string;
            };
            path: {
                organizationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PageLinkRequest"];
            };
        };
        responses: {
            /** @description It went well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageLinkAnswer"];
                };
            };
        };
    };
    getRequirements: {
        parameters: {
            query: {
                /** @description Which of the two accounts. */
                mode: components["schemas"]["Mode"];
                /** @description Ask Stripe first. */
                fresh?: boolean;
                /** @description Instead of what `Accept-Language` asks for. */
                language?: "en" | "pt" | "es" | "de" | "fr" | null;
            };
            header?: {
                /** @description en, pt, es, de or fr; English otherwise. */
                "Accept-Language"?: string;
            };
            path: {
                organizationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It went well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkList"];
                };
            };
        };
    };
    getSetupState: {
        parameters: {
            query: {
                /** @description Which of the two accounts. */
                mode: components["schemas"]["Mode"];
                /** @description Ask Stripe first. */
                fresh?: boolean;
            };
            header?: never;
            path: {
                organizationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It went well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Setup"];
                };
            };
        };
    };
    readHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It went well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    listOrganizations: {
        parameters: {
            query?: {
                /** @description The last id of the page before: its `next`. */
                after?: string;
                /** @description How many a page has at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It went well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrganizationList"];
                };
            };
        };
    };
    createOrganization: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible characters: a repeat within a day is the same request. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewOrganization"];
            };
        };
        responses: {
            /** @description It went well. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrganizationRecord"];
                };
            };
        };
    };
    getOrganization: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                organizationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It went well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrganizationRecord"];
                };
            };
        };
    };
    changeOrganization: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible characters: a repeat within a day is the same request. */
                "Idempotency-Key"?: string;
            };
            path: {
                organizationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OrganizationChanges"];
            };
        };
        responses: {
            /** @description It went well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrganizationRecord"];
                };
            };
        };
    };
    getAccountShape: {
        parameters: {
            query: {
                /** @description Which of the two accounts. */
                mode: components["schemas"]["Mode"];
            };
            header?: never;
            path: {
                organizationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It went well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShapeAnswer"];
                };
            };
        };
    };
    setAccountShape: {
        parameters: {
            query: {
                /** @description Which of the two accounts. */
                mode: components["schemas"]["Mode"];
            };
            header?: {
                /** @description 1 to 255 visible characters: a repeat within a day is the same request. */
                "Idempotency-Key"?: string;
            };
            path: {
                organizationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ShapeRequest"];
            };
        };
        responses: {
            /** @description It went well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShapeAnswer"];
                };
            };
        };
    };
    forgetAccountShape: {
        parameters: {
            query: {
                /** @description Which of the two accounts. */
                mode: components["schemas"]["Mode"];
            };
            header?: {
                /** @description 1 to 255 visible characters: a repeat within a day is the same request. */
                "Idempotency-Key"?: string;
            };
            path: {
                organizationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It went well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShapeAnswer"];
                };
            };
        };
    };
    getGoLivePolicy: {
        parameters: {
            query: {
                /** @description Which of the two accounts. */
                mode: components["schemas"]["Mode"];
            };
            header?: never;
            path: {
                organizationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It went well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyAnswer"];
                };
            };
        };
    };
    setGoLivePolicy: {
        parameters: {
            query: {
                /** @description Which of the two accounts. */
                mode: components["schemas"]["Mode"];
            };
            header?: {
                /** @description 1 to 255 visible characters: a repeat within a day is the same request. */
                "Idempotency-Key"?: string;
            };
            path: {
                organizationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PolicyRequest"];
            };
        };
        responses: {
            /** @description It went well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyAnswer"];
                };
            };
        };
    };
    forgetGoLivePolicy: {
        parameters: {
            query: {
                /** @description Which of the two accounts. */
                mode: components["schemas"]["Mode"];
            };
            header?: {
                /** @description 1 to 255 visible characters: a repeat within a day is the same request. */
                "Idempotency-Key"?: string;
            };
            path: {
                organizationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It went well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyAnswer"];
                };
            };
        };
    };
    listMembers: {
        parameters: {
            query?: {
                /** @description The last id of the page before: its `next`. */
                after?: string;
                /** @description How many a page has at most. */
                limit?: number;
            };
            header?: never;
            path: {
                organizationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It went well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemberList"];
                };
            };
        };
    };
    setMember: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible characters: a repeat within a day is the same request. */
                "Idempotency-Key"?: string;
            };
            path: {
                organizationId: string;
                /** @description The user's id as their token's `sub` says it. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoleRequest"];
            };
        };
        responses: {
            /** @description It went well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemberRecord"];
                };
            };
        };
    };
    removeMember: {
        parameters: {
            query: {
                /** @description Why; it is kept in the audit. */
                reason: string;
            };
            header?: {
                /** @description 1 to 255 visible characters: a repeat within a day is the same request. */
                "Idempotency-Key"?: string;
            };
            path: {
                organizationId: string;
                /** @description The user's id as their token's `sub` says it. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It went well. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
