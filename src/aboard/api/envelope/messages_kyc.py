"""What do the keys about knowing a creator say, in five languages? A part of `messages`.

The last five tell a creator what to do next, by how their check stands.
"""

from collections.abc import Mapping
from typing import Final

KYC_MESSAGES: Final[Mapping[str, Mapping[str, str]]] = {
    "error.creator.not_found": {
        "en": "There is no such creator.",
        "pt": "Não existe esse criador.",
        "es": "No existe ese creador.",
        "de": "Diesen Creator gibt es nicht.",
        "fr": "Ce créateur n'existe pas.",
    },
    "creator.stripe.kyc_required": {
        "en": "Your identity has to be confirmed before you can be paid.",
        "pt": "A sua identidade tem de ser confirmada antes de poder receber pagamentos.",
        "es": "Hay que confirmar tu identidad antes de que puedas cobrar.",
        "de": "Ihre Identität muss bestätigt sein, bevor Sie Geld erhalten können.",
        "fr": "Votre identité doit être confirmée avant que vous puissiez être payé.",
    },
    "creator.kyc.already_approved": {
        "en": "Your identity is confirmed already.",
        "pt": "A sua identidade já está confirmada.",
        "es": "Tu identidad ya está confirmada.",
        "de": "Ihre Identität ist bereits bestätigt.",
        "fr": "Votre identité est déjà confirmée.",
    },
    "creator.kyc.already_running": {
        "en": "Your identity is being checked. Wait for the result.",
        "pt": "A sua identidade está a ser verificada. Aguarde o resultado.",
        "es": "Se está comprobando tu identidad. Espera el resultado.",
        "de": "Ihre Identität wird gerade geprüft. Warten Sie auf das Ergebnis.",
        "fr": "Votre identité est en cours de vérification. Attendez le résultat.",
    },
    "creator.kyc.not_decidable": {
        "en": "There is no identity check of this creator to decide.",
        "pt": "Não há nenhuma verificação de identidade deste criador para decidir.",
        "es": "No hay ninguna comprobación de identidad de este creador que decidir.",
        "de": "Für diesen Creator gibt es keine Identitätsprüfung zu entscheiden.",
        "fr": "Il n'y a aucune vérification d'identité de ce créateur à trancher.",
    },
    "features.kyc_disabled": {
        "en": "Identity checks are switched off at the moment.",
        "pt": "As verificações de identidade estão desativadas de momento.",
        "es": "Las comprobaciones de identidad están desactivadas en este momento.",
        "de": "Identitätsprüfungen sind zurzeit abgeschaltet.",
        "fr": "Les vérifications d'identité sont désactivées pour le moment.",
    },
    "features.creator_upgrade_disabled": {
        "en": "Becoming a creator is switched off at the moment.",
        "pt": "De momento não é possível tornar-se criador.",
        "es": "En este momento no es posible hacerse creador.",
        "de": "Creator zu werden ist zurzeit abgeschaltet.",
        "fr": "Devenir créateur est désactivé pour le moment.",
    },
    "creator.kyc.next_not_started": {
        "en": "Start the identity check.",
        "pt": "Inicie a verificação de identidade.",
        "es": "Empieza la comprobación de identidad.",
        "de": "Beginnen Sie mit der Identitätsprüfung.",
        "fr": "Commencez la vérification d'identité.",
    },
    "creator.kyc.next_pending": {
        "en": "Wait until the identity check has a result.",
        "pt": "Aguarde até a verificação de identidade ter um resultado.",
        "es": "Espera a que la comprobación de identidad tenga un resultado.",
        "de": "Warten Sie, bis die Identitätsprüfung ein Ergebnis hat.",
        "fr": "Attendez que la vérification d'identité ait un résultat.",
    },
    "creator.kyc.next_approved": {
        "en": "Try again.",
        "pt": "Tente novamente.",
        "es": "Inténtalo de nuevo.",
        "de": "Versuchen Sie es noch einmal.",
        "fr": "Réessayez.",
    },
    "creator.kyc.next_rejected": {
        "en": "The last identity check was not passed. Start a new one.",
        "pt": "A última verificação de identidade não foi aprovada. Inicie uma nova.",
        "es": "La última comprobación de identidad no se superó. Empieza una nueva.",
        "de": "Die letzte Identitätsprüfung wurde nicht bestanden. Beginnen Sie eine neue.",
        "fr": "La dernière vérification d'identité a échoué. Commencez-en une nouvelle.",
    },
    "creator.kyc.next_expired": {
        "en": "The last identity check has expired. Start a new one.",
        "pt": "A última verificação de identidade expirou. Inicie uma nova.",
        "es": "La última comprobación de identidad ha caducado. Empieza una nueva.",
        "de": "Die letzte Identitätsprüfung ist abgelaufen. Beginnen Sie eine neue.",
        "fr": "La dernière vérification d'identité a expiré. Commencez-en une nouvelle.",
    },
}
