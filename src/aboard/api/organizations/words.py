"""What do the pages for sellers say, in five languages?

Each page has a title, what happened, and what to do next. None says why a visit was refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final


class Page(Enum):
    """The pages that a seller may meet on the way back from Stripe."""

    LOST = "lost"
    FOREIGN = "foreign"
    AWAY = "away"
    STUCK = "stuck"
    CHECKLIST = "checklist"


@dataclass(frozen=True, slots=True)
class Words:
    """One page in one language."""

    title: str
    what: str
    next_step: str


WORDS: Final[Mapping[Page, Mapping[str, Words]]] = {
    Page.LOST: {
        "en": Words(
            "This link no longer works",
            "It was used already, is too old, or is not complete.",
            "Nothing you entered at Stripe is lost. Go back to the site you came from, sign in, "
            "and continue your Stripe set-up from there.",
        ),
        "pt": Words(
            "Este link já não funciona",
            "Já foi usado, é demasiado antigo ou está incompleto.",
            "Nada do que introduziu na Stripe se perdeu. Volte ao site de onde veio, inicie sessão "
            "e continue a configuração da Stripe a partir daí.",
        ),
        "es": Words(
            "Este enlace ya no funciona",
            "Ya se usó, es demasiado antiguo o está incompleto.",
            "No se ha perdido nada de lo que introdujiste en Stripe. Vuelve al sitio del que "
            "vienes, inicia sesión y continúa desde allí.",
        ),
        "de": Words(
            "Dieser Link funktioniert nicht mehr",
            "Er wurde schon benutzt, ist zu alt oder unvollständig.",
            "Nichts von Ihren Angaben bei Stripe ist verloren. Gehen Sie zurück zu der Seite, von "
            "der Sie kamen, melden Sie sich an und setzen Sie die Einrichtung dort fort.",
        ),
        "fr": Words(
            "Ce lien ne fonctionne plus",
            "Il a déjà servi, est trop ancien ou incomplet.",
            "Rien de ce que vous avez saisi chez Stripe n'est perdu. Revenez au site d'où vous "
            "venez, connectez-vous et reprenez la configuration à partir de là.",
        ),
    },
    Page.FOREIGN: {
        "en": Words(
            "This is not yours to continue",
            "You are signed in as someone who may not continue this set-up.",
            "Sign in with the account that started it, or ask its owner to continue.",
        ),
        "pt": Words(
            "Não pode continuar isto",
            "Iniciou sessão como alguém que não pode continuar esta configuração.",
            "Inicie sessão com a conta que a começou, ou peça ao proprietário que continue.",
        ),
        "es": Words(
            "No puedes continuar esto",
            "Has iniciado sesión como alguien que no puede continuar esta configuración.",
            "Inicia sesión con la cuenta que la empezó, o pide a su propietario que continúe.",
        ),
        "de": Words(
            "Das können Sie nicht fortsetzen",
            "Sie sind als jemand angemeldet, der diese Einrichtung nicht fortsetzen darf.",
            "Melden Sie sich mit dem Konto an, das sie begonnen hat, oder bitten Sie dessen "
            "Inhaber, sie fortzusetzen.",
        ),
        "fr": Words(
            "Vous ne pouvez pas continuer ceci",
            "Vous êtes connecté avec un compte qui ne peut pas continuer cette configuration.",
            "Connectez-vous avec le compte qui l'a commencée, ou demandez à son propriétaire de "
            "continuer.",
        ),
    },
    Page.AWAY: {
        "en": Words(
            "Please try again in a moment",
            "This is not available right now. Nothing is lost.",
            "Wait a little, then reload this page.",
        ),
        "pt": Words(
            "Tente novamente daqui a pouco",
            "De momento isto não está disponível. Nada se perdeu.",
            "Espere um pouco e recarregue esta página.",
        ),
        "es": Words(
            "Inténtalo de nuevo en un momento",
            "Ahora mismo no está disponible. No se ha perdido nada.",
            "Espera un poco y vuelve a cargar esta página.",
        ),
        "de": Words(
            "Bitte versuchen Sie es gleich noch einmal",
            "Das ist gerade nicht verfügbar. Nichts ist verloren.",
            "Warten Sie ein wenig und laden Sie diese Seite neu.",
        ),
        "fr": Words(
            "Réessayez dans un instant",
            "Ce n'est pas disponible pour le moment. Rien n'est perdu.",
            "Attendez un peu, puis rechargez cette page.",
        ),
    },
    Page.STUCK: {
        "en": Words(
            "We cannot continue from here",
            "Your Stripe set-up cannot go on with this link.",
            "Go back to the site you came from and start the Stripe set-up again.",
        ),
        "pt": Words(
            "Não é possível continuar a partir daqui",
            "A configuração da Stripe não pode continuar com este link.",
            "Volte ao site de onde veio e recomece a configuração da Stripe.",
        ),
        "es": Words(
            "No podemos continuar desde aquí",
            "La configuración de Stripe no puede seguir con este enlace.",
            "Vuelve al sitio del que vienes y empieza de nuevo la configuración de Stripe.",
        ),
        "de": Words(
            "Von hier aus geht es nicht weiter",
            "Die Einrichtung bei Stripe kann mit diesem Link nicht fortgesetzt werden.",
            "Gehen Sie zurück zu der Seite, von der Sie kamen, und beginnen Sie die Einrichtung "
            "von Neuem.",
        ),
        "fr": Words(
            "Impossible de continuer d'ici",
            "La configuration Stripe ne peut pas se poursuivre avec ce lien.",
            "Revenez au site d'où vous venez et recommencez la configuration Stripe.",
        ),
    },
    Page.CHECKLIST: {
        "en": Words(
            "What Stripe still needs",
            "You were sent back from Stripe several times. Have these ready before you go on:",
            "Continue to Stripe",
        ),
        "pt": Words(
            "O que a Stripe ainda precisa",
            "Voltou da Stripe várias vezes. Tenha isto à mão antes de continuar:",
            "Continuar para a Stripe",
        ),
        "es": Words(
            "Lo que Stripe aún necesita",
            "Has vuelto de Stripe varias veces. Ten esto a mano antes de continuar:",
            "Continuar a Stripe",
        ),
        "de": Words(
            "Was Stripe noch braucht",
            "Sie wurden mehrmals von Stripe zurückgeschickt. Halten Sie dies bereit, bevor Sie "
            "weitergehen:",
            "Weiter zu Stripe",
        ),
        "fr": Words(
            "Ce dont Stripe a encore besoin",
            "Vous êtes revenu plusieurs fois de Stripe. Préparez ceci avant de continuer :",
            "Continuer vers Stripe",
        ),
    },
}

# What the checklist says when Stripe wants nothing more of the seller.
NOTHING_LISTED: Final[Mapping[str, str]] = {
    "en": "Stripe lists nothing that is due right now.",
    "pt": "De momento a Stripe não indica nada em falta.",
    "es": "Ahora mismo Stripe no indica nada pendiente.",
    "de": "Stripe nennt zurzeit nichts, was aussteht.",
    "fr": "Stripe n'indique rien à fournir pour le moment.",
}

# Where to begin anew: the owner's own page, or the way to sign in.
START_AGAIN: Final[Mapping[str, str]] = {
    "en": "Start again",
    "pt": "Recomeçar",
    "es": "Empezar de nuevo",
    "de": "Neu beginnen",
    "fr": "Recommencer",
}
