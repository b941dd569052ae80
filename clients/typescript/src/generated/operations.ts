// Written by scripts/generate.mjs from Aboard's OpenAPI description; do not edit.
// SHA-256 of the description: a056dcf35830b35ff835c5afc17e481027cb34f6e1cb3865407636f17aa0506d

/** Every operation by its operationId. */
export const OPERATIONS = {
  changeCreatorProfile: {"group":"creators","name":"changeProfile","method":"PATCH","path":"/api/v1/creators/profile","query":["mode"],"hasBody":true,"takesKey":false,"isAnonymous":false},
  changeOrganization: {"group":"organizations","name":"changeOrganization","method":"PATCH","path":"/v1/organizations/{organizationId}","query":[],"hasBody":true,"takesKey":true,"isAnonymous":false},
  confirmRegistration: {"group":"auth","name":"confirmRegistration","method":"POST","path":"/api/v1/auth/confirm","query":[],"hasBody":true,"takesKey":false,"isAnonymous":false},
  createAccountSession: {"group":"organizations","name":"createAccountSession","method":"POST","path":"/v1/connect/accounts/{organizationId}/account-sessions","query":[],"hasBody":true,"takesKey":true,"isAnonymous":false},
  createCreatorDashboardLink: {"group":"creators","name":"dashboardLink","method":"POST","path":"/api/v1/creators/stripe-connect/dashboard-link","query":["mode"],"hasBody":false,"takesKey":false,"isAnonymous":false},
  createLoginLink: {"group":"organizations","name":"createLoginLink","method":"POST","path":"/v1/connect/accounts/{organizationId}/login-links","query":[],"hasBody":true,"takesKey":true,"isAnonymous":false},
  createOnboardingLink: {"group":"organizations","name":"createOnboardingLink","method":"POST","path":"/v1/connect/accounts/onboarding-links","query":[],"hasBody":true,"takesKey":true,"isAnonymous":false},
  createOrganization: {"group":"organizations","name":"createOrganization","method":"POST","path":"/v1/organizations","query":[],"hasBody":true,"takesKey":true,"isAnonymous":false},
  createPageLink: {"group":"organizations","name":"createPageLink","method":"POST","path":"/v1/connect/accounts/{organizationId}/page-links","query":[],"hasBody":true,"takesKey":true,"isAnonymous":false},
  decideKyc: {"group":"creators","name":"decideKyc","method":"POST","path":"/api/v1/creators/{creatorId}/kyc/decision","query":[],"hasBody":true,"takesKey":false,"isAnonymous":false},
  disconnect: {"group":"organizations","name":"disconnect","method":"DELETE","path":"/v1/connect/accounts/{organizationId}","query":["forget","mode"],"hasBody":false,"takesKey":true,"isAnonymous":false},
  forgetAccountShape: {"group":"organizations","name":"forgetAccountShape","method":"DELETE","path":"/v1/organizations/{organizationId}/account-shape","query":["mode"],"hasBody":false,"takesKey":true,"isAnonymous":false},
  forgetGoLivePolicy: {"group":"organizations","name":"forgetGoLivePolicy","method":"DELETE","path":"/v1/organizations/{organizationId}/go-live-policy","query":["mode"],"hasBody":false,"takesKey":true,"isAnonymous":false},
  getAccountShape: {"group":"organizations","name":"getAccountShape","method":"GET","path":"/v1/organizations/{organizationId}/account-shape","query":["mode"],"hasBody":false,"takesKey":false,"isAnonymous":false},
  getConnection: {"group":"organizations","name":"getConnection","method":"GET","path":"/v1/connect/accounts/{organizationId}","query":["fresh","mode"],"hasBody":false,"takesKey":false,"isAnonymous":false},
  getCreatorKyc: {"group":"creators","name":"kycStatus","method":"GET","path":"/api/v1/creators/kyc/status","query":[],"hasBody":false,"takesKey":false,"isAnonymous":false},
  getCreatorProfile: {"group":"creators","name":"profile","method":"GET","path":"/api/v1/creators/profile","query":["mode"],"hasBody":false,"takesKey":false,"isAnonymous":false},
  getCreatorStatus: {"group":"creators","name":"status","method":"GET","path":"/api/v1/creators/stripe-connect/status","query":["mode"],"hasBody":false,"takesKey":false,"isAnonymous":false},
  getGoLivePolicy: {"group":"organizations","name":"getGoLivePolicy","method":"GET","path":"/v1/organizations/{organizationId}/go-live-policy","query":["mode"],"hasBody":false,"takesKey":false,"isAnonymous":false},
  getOrganization: {"group":"organizations","name":"getOrganization","method":"GET","path":"/v1/organizations/{organizationId}","query":[],"hasBody":false,"takesKey":false,"isAnonymous":false},
  getPayoutSettings: {"group":"creators","name":"payoutSettings","method":"GET","path":"/api/v1/creators/payout-settings","query":["mode"],"hasBody":false,"takesKey":false,"isAnonymous":false},
  getRequirements: {"group":"organizations","name":"getRequirements","method":"GET","path":"/v1/connect/accounts/{organizationId}/requirements","query":["fresh","language","mode"],"hasBody":false,"takesKey":false,"isAnonymous":false},
  getSetupState: {"group":"organizations","name":"getSetupState","method":"GET","path":"/v1/connect/accounts/{organizationId}/setup-state","query":["fresh","mode"],"hasBody":false,"takesKey":false,"isAnonymous":false},
  goLive: {"group":"organizations","name":"goLive","method":"POST","path":"/v1/connect/accounts/{organizationId}/go-live","query":[],"hasBody":true,"takesKey":true,"isAnonymous":false},
  initiateCreatorOnboarding: {"group":"creators","name":"initiate","method":"POST","path":"/api/v1/creators/stripe-connect/initiate","query":["mode"],"hasBody":false,"takesKey":false,"isAnonymous":false},
  listMembers: {"group":"organizations","name":"listMembers","method":"GET","path":"/v1/organizations/{organizationId}/members","query":["after","limit"],"hasBody":false,"takesKey":false,"isAnonymous":false},
  listOrganizations: {"group":"organizations","name":"listOrganizations","method":"GET","path":"/v1/organizations","query":["after","limit"],"hasBody":false,"takesKey":false,"isAnonymous":false},
  listPendingKyc: {"group":"creators","name":"listPendingKyc","method":"GET","path":"/api/v1/creators/kyc/pending","query":["after","limit"],"hasBody":false,"takesKey":false,"isAnonymous":false},
  listSessions: {"group":"auth","name":"listSessions","method":"GET","path":"/api/v1/auth/sessions","query":[],"hasBody":false,"takesKey":false,"isAnonymous":false},
  login: {"group":"auth","name":"login","method":"POST","path":"/api/v1/auth/login","query":[],"hasBody":true,"takesKey":false,"isAnonymous":false},
  logout: {"group":"auth","name":"logout","method":"POST","path":"/api/v1/auth/logout","query":[],"hasBody":false,"takesKey":false,"isAnonymous":false},
  readHealth: {"group":"organizations","name":"readHealth","method":"GET","path":"/v1/health","query":[],"hasBody":false,"takesKey":false,"isAnonymous":true},
  refreshCreatorLink: {"group":"creators","name":"refreshLink","method":"POST","path":"/api/v1/creators/stripe-connect/refresh-link","query":["mode"],"hasBody":false,"takesKey":false,"isAnonymous":false},
  refreshSession: {"group":"auth","name":"refreshSession","method":"POST","path":"/api/v1/auth/refresh","query":[],"hasBody":false,"takesKey":false,"isAnonymous":false},
  register: {"group":"auth","name":"register","method":"POST","path":"/api/v1/auth/register","query":[],"hasBody":true,"takesKey":false,"isAnonymous":false},
  removeMember: {"group":"organizations","name":"removeMember","method":"DELETE","path":"/v1/organizations/{organizationId}/members/{userId}","query":["reason"],"hasBody":false,"takesKey":true,"isAnonymous":false},
  revokeOtherSessions: {"group":"auth","name":"revokeOtherSessions","method":"POST","path":"/api/v1/auth/sessions/revoke-others","query":[],"hasBody":false,"takesKey":false,"isAnonymous":false},
  revokeSession: {"group":"auth","name":"revokeSession","method":"DELETE","path":"/api/v1/auth/sessions/{sessionId}","query":[],"hasBody":false,"takesKey":false,"isAnonymous":false},
  setAccountShape: {"group":"organizations","name":"setAccountShape","method":"PUT","path":"/v1/organizations/{organizationId}/account-shape","query":["mode"],"hasBody":true,"takesKey":true,"isAnonymous":false},
  setGoLivePolicy: {"group":"organizations","name":"setGoLivePolicy","method":"PUT","path":"/v1/organizations/{organizationId}/go-live-policy","query":["mode"],"hasBody":true,"takesKey":true,"isAnonymous":false},
  setMember: {"group":"organizations","name":"setMember","method":"PUT","path":"/v1/organizations/{organizationId}/members/{userId}","query":[],"hasBody":true,"takesKey":true,"isAnonymous":false},
  startCreatorKyc: {"group":"creators","name":"kycStart","method":"POST","path":"/api/v1/creators/kyc/start","query":[],"hasBody":false,"takesKey":false,"isAnonymous":false},
  stopLive: {"group":"organizations","name":"stopLive","method":"DELETE","path":"/v1/connect/accounts/{organizationId}/go-live","query":["mode"],"hasBody":false,"takesKey":true,"isAnonymous":false},
  upgradeToCreator: {"group":"creators","name":"upgrade","method":"POST","path":"/api/v1/creators/upgrade","query":[],"hasBody":true,"takesKey":false,"isAnonymous":false},
} as const;

/** Fields of answers that hold a link which opens something: they become a `BearerUrl`. */
export const LINK_FIELDS = ["onboardingUrl","redirectUrl","url"] as const;

/** Fields of answers that hold another secret: they become a `Secret`. */
export const SECRET_FIELDS = ["accessToken","clientSecret"] as const;
