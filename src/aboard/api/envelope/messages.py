"""What does each key say, in five languages? `{...}` stands for a value of `i18nVars`.

A key that is not here is a mistake that a test finds; a language that is not here reads English.
"""

from collections.abc import Mapping
from typing import Final

from aboard.api.envelope.messages_auth import AUTH_MESSAGES
from aboard.api.envelope.messages_kyc import KYC_MESSAGES

MESSAGES: Final[Mapping[str, Mapping[str, str]]] = {
    "auth.unauthorized": {
        "en": "Sign in to continue.",
        "pt": "Inicie sessão para continuar.",
        "es": "Inicia sesión para continuar.",
        "de": "Melden Sie sich an, um fortzufahren.",
        "fr": "Connectez-vous pour continuer.",
    },
    "auth.forbidden": {
        "en": "You are not allowed to do this.",
        "pt": "Não tem permissão para fazer isto.",
        "es": "No tienes permiso para hacer esto.",
        "de": "Sie dürfen das nicht tun.",
        "fr": "Vous n'êtes pas autorisé à faire cela.",
    },
    "error.rate_limited": {
        "en": "Too many requests. Try again in {seconds} seconds.",
        "pt": "Demasiados pedidos. Tente novamente dentro de {seconds} segundos.",
        "es": "Demasiadas solicitudes. Inténtalo de nuevo en {seconds} segundos.",
        "de": "Zu viele Anfragen. Versuchen Sie es in {seconds} Sekunden erneut.",
        "fr": "Trop de requêtes. Réessayez dans {seconds} secondes.",
    },
    "error.validation_failed": {
        "en": "The request is not valid.",
        "pt": "O pedido não é válido.",
        "es": "La solicitud no es válida.",
        "de": "Die Anfrage ist ungültig.",
        "fr": "La requête n'est pas valide.",
    },
    "error.not_found": {
        "en": "There is nothing at this address.",
        "pt": "Não há nada neste endereço.",
        "es": "No hay nada en esta dirección.",
        "de": "Unter dieser Adresse gibt es nichts.",
        "fr": "Il n'y a rien à cette adresse.",
    },
    "error.method_not_allowed": {
        "en": "This address does not take this method.",
        "pt": "Este endereço não aceita este método.",
        "es": "Esta dirección no acepta este método.",
        "de": "Diese Adresse nimmt diese Methode nicht an.",
        "fr": "Cette adresse n'accepte pas cette méthode.",
    },
    "error.internal": {
        "en": "Something went wrong on our side.",
        "pt": "Ocorreu um erro do nosso lado.",
        "es": "Algo falló por nuestra parte.",
        "de": "Bei uns ist etwas schiefgegangen.",
        "fr": "Une erreur s'est produite de notre côté.",
    },
    "error.unavailable": {
        "en": "We cannot answer right now. Try again shortly.",
        "pt": "De momento não conseguimos responder. Tente novamente em breve.",
        "es": "Ahora mismo no podemos responder. Inténtalo de nuevo en breve.",
        "de": "Wir können gerade nicht antworten. Versuchen Sie es bald noch einmal.",
        "fr": "Nous ne pouvons pas répondre pour le moment. Réessayez bientôt.",
    },
    "error.idempotency_conflict": {
        "en": "This key was already used for another request.",
        "pt": "Esta chave já foi usada para outro pedido.",
        "es": "Esta clave ya se usó para otra solicitud.",
        "de": "Dieser Schlüssel wurde schon für eine andere Anfrage verwendet.",
        "fr": "Cette clé a déjà servi pour une autre requête.",
    },
    "error.conflict": {
        "en": "This does not fit what is there already.",
        "pt": "Isto não é compatível com o que já existe.",
        "es": "Esto no encaja con lo que ya existe.",
        "de": "Das passt nicht zu dem, was schon da ist.",
        "fr": "Cela ne correspond pas à ce qui existe déjà.",
    },
    "error.idempotency_busy": {
        "en": "The first request with this key is still at work.",
        "pt": "O primeiro pedido com esta chave ainda está em curso.",
        "es": "La primera solicitud con esta clave aún está en curso.",
        "de": "Die erste Anfrage mit diesem Schlüssel läuft noch.",
        "fr": "La première requête avec cette clé est encore en cours.",
    },
    "error.state_invalid": {
        "en": "This visit is no longer valid. Start again.",
        "pt": "Esta visita já não é válida. Comece de novo.",
        "es": "Esta visita ya no es válida. Empieza de nuevo.",
        "de": "Dieser Besuch gilt nicht mehr. Fangen Sie neu an.",
        "fr": "Cette visite n'est plus valable. Recommencez.",
    },
    "error.address_refused": {
        "en": "This return address is not allowed.",
        "pt": "Este endereço de retorno não é permitido.",
        "es": "Esta dirección de retorno no está permitida.",
        "de": "Diese Rückkehradresse ist nicht erlaubt.",
        "fr": "Cette adresse de retour n'est pas autorisée.",
    },
    "error.signature_refused": {
        "en": "The signature does not hold.",
        "pt": "A assinatura não é válida.",
        "es": "La firma no es válida.",
        "de": "Die Signatur stimmt nicht.",
        "fr": "La signature n'est pas valable.",
    },
    "creator.stripe.not_creator": {
        "en": "You do not have a creator profile yet.",
        "pt": "Ainda não tem um perfil de criador.",
        "es": "Aún no tienes un perfil de creador.",
        "de": "Sie haben noch kein Creator-Profil.",
        "fr": "Vous n'avez pas encore de profil de créateur.",
    },
    "creator.stripe.account_not_found": {
        "en": "You have no connected Stripe account. Start onboarding first.",
        "pt": "Não tem uma conta Stripe ligada. Comece primeiro o registo.",
        "es": "No tienes una cuenta de Stripe conectada. Empieza primero el registro.",
        "de": "Sie haben kein verbundenes Stripe-Konto. Beginnen Sie zuerst die Einrichtung.",
        "fr": "Vous n'avez pas de compte Stripe connecté. Commencez d'abord l'inscription.",
    },
    "creator.stripe.not_active": {
        "en": "Your Stripe account is not active yet.",
        "pt": "A sua conta Stripe ainda não está ativa.",
        "es": "Tu cuenta de Stripe aún no está activa.",
        "de": "Ihr Stripe-Konto ist noch nicht aktiv.",
        "fr": "Votre compte Stripe n'est pas encore actif.",
    },
    "creator.stripe.connect_in_progress": {
        "en": "Your Stripe account is being made right now. Try again in a moment.",
        "pt": "A sua conta Stripe está a ser criada. Tente novamente daqui a pouco.",
        "es": "Tu cuenta de Stripe se está creando. Inténtalo de nuevo en un momento.",
        "de": "Ihr Stripe-Konto wird gerade angelegt. Versuchen Sie es gleich noch einmal.",
        "fr": "Votre compte Stripe est en cours de création. Réessayez dans un instant.",
    },
    "creator.stripe.nothing_due": {
        "en": "Your Stripe account is complete; nothing is left to do.",
        "pt": "A sua conta Stripe está completa; não falta nada.",
        "es": "Tu cuenta de Stripe está completa; no queda nada por hacer.",
        "de": "Ihr Stripe-Konto ist vollständig; es ist nichts mehr zu tun.",
        "fr": "Votre compte Stripe est complet ; il ne reste rien à faire.",
    },
    "creator.stripe.rejected": {
        "en": "Stripe rejected your account. Contact this platform's support.",
        "pt": "A Stripe rejeitou a sua conta. Contacte o apoio desta plataforma.",
        "es": "Stripe rechazó tu cuenta. Ponte en contacto con el soporte de esta plataforma.",
        "de": "Stripe hat Ihr Konto abgelehnt. Wenden Sie sich an den Support dieser Plattform.",
        "fr": "Stripe a rejeté votre compte. Contactez l'assistance de cette plateforme.",
    },
    "creator.stripe.country_fixed": {
        "en": "Your Stripe account is in another country, which cannot be changed.",
        "pt": "A sua conta Stripe é de outro país, o que não pode ser alterado.",
        "es": "Tu cuenta de Stripe es de otro país y eso no se puede cambiar.",
        "de": "Ihr Stripe-Konto ist in einem anderen Land; das lässt sich nicht ändern.",
        "fr": "Votre compte Stripe est dans un autre pays, ce qui ne peut pas être modifié.",
    },
    "creator.stripe.refresh_loop": {
        "en": "Look at what Stripe still needs before you continue.",
        "pt": "Veja o que a Stripe ainda precisa antes de continuar.",
        "es": "Mira lo que Stripe aún necesita antes de continuar.",
        "de": "Sehen Sie nach, was Stripe noch braucht, bevor Sie fortfahren.",
        "fr": "Regardez ce dont Stripe a encore besoin avant de continuer.",
    },
    "creator.stripe.service_unavailable": {
        "en": "Payments are not set up on this platform.",
        "pt": "Os pagamentos não estão configurados nesta plataforma.",
        "es": "Los pagos no están configurados en esta plataforma.",
        "de": "Zahlungen sind auf dieser Plattform nicht eingerichtet.",
        "fr": "Les paiements ne sont pas configurés sur cette plateforme.",
    },
    "creator.stripe.unavailable": {
        "en": "Stripe cannot be reached right now. Try again shortly.",
        "pt": "De momento não é possível contactar a Stripe. Tente novamente em breve.",
        "es": "Ahora mismo no se puede contactar con Stripe. Inténtalo de nuevo en breve.",
        "de": "Stripe ist gerade nicht erreichbar. Versuchen Sie es bald noch einmal.",
        "fr": "Stripe est injoignable pour le moment. Réessayez bientôt.",
    },
    "creator.stripe.refused": {
        "en": "Stripe refused this request.",
        "pt": "A Stripe recusou este pedido.",
        "es": "Stripe rechazó esta solicitud.",
        "de": "Stripe hat diese Anfrage abgelehnt.",
        "fr": "Stripe a refusé cette requête.",
    },
    "features.onboarding_disabled": {
        "en": "Onboarding is switched off at the moment.",
        "pt": "O registo está desativado de momento.",
        "es": "El registro está desactivado en este momento.",
        "de": "Die Einrichtung ist zurzeit abgeschaltet.",
        "fr": "L'inscription est désactivée pour le moment.",
    },
    "features.live_mode_disabled": {
        "en": "Live mode is switched off at the moment.",
        "pt": "O modo real está desativado de momento.",
        "es": "El modo real está desactivado en este momento.",
        "de": "Der Live-Modus ist zurzeit abgeschaltet.",
        "fr": "Le mode réel est désactivé pour le moment.",
    },
    **AUTH_MESSAGES,
    **KYC_MESSAGES,
}
_DISABLED: Final[Mapping[str, str]] = {
    "en": "This is switched off at the moment.",
    "pt": "Isto está desativado de momento.",
    "es": "Esto está desactivado en este momento.",
    "de": "Das ist zurzeit abgeschaltet.",
    "fr": "Ceci est désactivé pour le moment.",
}


def message_of(key: str, language: str, values: Mapping[str, str | int]) -> str:
    """Return the message of a key in this language, with its values put in."""
    wordings = MESSAGES.get(key, _DISABLED)
    return wordings.get(language, wordings["en"]).format_map(values)
