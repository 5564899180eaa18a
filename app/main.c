/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/application.h"

#include <glib/gi18n.h>
#include <locale.h>

static gint
on_local_options_cb (GApplication *application, GVariantDict *options, gpointer data)
{
  if (!g_variant_dict_contains (options, "version"))
    return -1;
  g_print ("Outpost %s\n", OUTPOST_VERSION);
  return 0;
}

int
main (int argc, char **argv)
{
  g_autoptr (OpApplication) application = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_application_name ("Outpost");

  application = op_application_new ();
  g_application_add_main_option (G_APPLICATION (application), "version", 0, 0, G_OPTION_ARG_NONE,
                                 _("Print the version"), NULL);
  g_signal_connect (application, "handle-local-options", G_CALLBACK (on_local_options_cb), NULL);
  return g_application_run (G_APPLICATION (application), argc, argv);
}
