"""What do the keys of signing in say, in five languages? A part of `messages`.

None of them says whether there is a user behind an e-mail.
"""

from collections.abc import Mapping
from typing import Final

AUTH_MESSAGES: Final[Mapping[str, Mapping[str, str]]] = {
    "auth.login.invalid_credentials": {
        "en": "E-mail and password do not fit.",
        "pt": "O e-mail e a palavra-passe não correspondem.",
        "es": "El correo y la contraseña no coinciden.",
        "de": "E-Mail und Passwort passen nicht zusammen.",
        "fr": "L'adresse e-mail et le mot de passe ne correspondent pas.",
    },
    "auth.login.locked": {
        "en": "Too many attempts. Try again in {seconds} seconds.",
        "pt": "Demasiadas tentativas. Tente novamente dentro de {seconds} segundos.",
        "es": "Demasiados intentos. Inténtalo de nuevo en {seconds} segundos.",
        "de": "Zu viele Versuche. Versuchen Sie es in {seconds} Sekunden erneut.",
        "fr": "Trop de tentatives. Réessayez dans {seconds} secondes.",
    },
    "auth.login.busy": {
        "en": "Many people are signing in right now. Try again in a moment.",
        "pt": "Muitas pessoas estão a iniciar sessão. Tente novamente daqui a pouco.",
        "es": "Muchas personas están iniciando sesión. Inténtalo de nuevo en un momento.",
        "de": "Gerade melden sich viele an. Versuchen Sie es gleich noch einmal.",
        "fr": "Beaucoup de personnes se connectent en ce moment. Réessayez dans un instant.",
    },
    "auth.register.closed": {
        "en": "Nobody can register here. Ask this platform for access.",
        "pt": "Aqui não é possível registar-se. Peça acesso a esta plataforma.",
        "es": "Aquí no es posible registrarse. Pide acceso a esta plataforma.",
        "de": "Hier kann sich niemand registrieren. Bitten Sie diese Plattform um Zugang.",
        "fr": "L'inscription n'est pas possible ici. Demandez un accès à cette plateforme.",
    },
    "auth.confirm.invalid_code": {
        "en": "This code does not fit, or is too old. Register again to get a new one.",
        "pt": "Este código não corresponde ou é demasiado antigo. Registe-se de novo.",
        "es": "Este código no coincide o es demasiado antiguo. Regístrate de nuevo.",
        "de": "Dieser Code passt nicht oder ist zu alt. Registrieren Sie sich noch einmal.",
        "fr": "Ce code ne correspond pas ou est trop ancien. Inscrivez-vous à nouveau.",
    },
    "auth.refresh.invalid_token": {
        "en": "Your session has ended. Sign in again.",
        "pt": "A sua sessão terminou. Inicie sessão novamente.",
        "es": "Tu sesión ha terminado. Inicia sesión de nuevo.",
        "de": "Ihre Sitzung ist zu Ende. Melden Sie sich wieder an.",
        "fr": "Votre session est terminée. Connectez-vous à nouveau.",
    },
    "auth.refresh.token_reuse_detected": {
        "en": "Your session was used in two places, so it has ended. Sign in again.",
        "pt": "A sua sessão foi usada em dois sítios e por isso terminou. Inicie sessão novamente.",
        "es": "Tu sesión se usó en dos lugares y por eso ha terminado. Inicia sesión de nuevo.",
        "de": "Ihre Sitzung wurde an zwei Orten benutzt und darum beendet. Melden Sie sich neu an.",
        "fr": "Votre session a servi à deux endroits et a donc pris fin. Connectez-vous à nouveau.",
    },
    "auth.sessions.not_found": {
        "en": "You have no such session.",
        "pt": "Não tem essa sessão.",
        "es": "No tienes esa sesión.",
        "de": "Sie haben keine solche Sitzung.",
        "fr": "Vous n'avez pas de telle session.",
    },
    "auth.sessions.cannot_revoke_current": {
        "en": "This is the session you are using. Sign out to end it.",
        "pt": "Esta é a sessão que está a usar. Para a terminar, termine a sessão.",
        "es": "Esta es la sesión que estás usando. Cierra la sesión para terminarla.",
        "de": "Das ist Ihre gerade benutzte Sitzung. Um sie zu beenden, melden Sie sich ab.",
        "fr": "C'est la session que vous utilisez. Déconnectez-vous pour y mettre fin.",
    },
}
