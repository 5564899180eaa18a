/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <unistd.h>

CliStatus
cli_confirm (gboolean yes, const char *question)
{
  char answer[16];

  if (yes)
    return CLI_DONE;
  if (!isatty (STDIN_FILENO))
    return cli_usage (_("%s Say so with --yes"), question);
  /* Translators: the letter that says yes is y, as in the check below. */
  g_printerr (_("%s [y/N] "), question);
  if (fgets (answer, sizeof answer, stdin) != NULL && g_ascii_tolower (answer[0]) == 'y')
    return CLI_DONE;
  g_printerr ("%s\n", _("Nothing was changed"));
  return CLI_REFUSED;
}

gboolean
cli_should_repeat (GError **error, guint *n_tries)
{
  if (!g_error_matches (*error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NOT_DONE) || ++*n_tries == CLI_MAX_TRIES)
    return FALSE;
  g_clear_error (error);
  return TRUE;
}
