/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli.h"

#include <glib/gi18n.h>
#include <locale.h>

static const CliCommand commands[] = {
  { "identify", cli_identify, N_("Say who answers: model, serial number, program, clock") },
  { "tables", cli_tables, N_("List tables and fields") },
  { "collect", cli_collect, N_("Collect records into the store, and write files") },
  { "health", cli_health, N_("Judge how the logger is: battery, memory, program, clock, errors") },
  { "clock", cli_clock, N_("Read or set the logger's clock") },
  { "values", cli_values, N_("Get and set values by name") },
  { "files", cli_files, N_("List, get, send, delete, run and stop files") },
  { "table", cli_table, N_("Reset a table or begin its next file") },
  { "settings", cli_settings, N_("List, get, set and revert settings") },
  { "ping", cli_ping, N_("Measure the round trip to a logger") },
  { "stations", cli_stations, N_("List, add, edit and remove stations") },
  { "inspect", cli_inspect, N_("Dissect captured frames") },
  { "emulate", cli_emulate, N_("Serve an emulated logger") },
  { "convert", cli_convert, N_("Write data files anew in another format") },
  { "plot", cli_plot, N_("Draw a data file or a station's data as PNG, SVG or PDF") },
};

static void
print_help (void)
{
  g_print ("%s\n\n", _("Usage: outpostctl COMMAND [OPTION…] …"));
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    g_print ("  %-10s %s\n", commands[i].name, _(commands[i].summary));
  g_print ("\n%s\n%s\n", _("outpostctl COMMAND --help says more of each."),
           _("STATION is a saved name or an address: tcp://HOST:PORT, serial:/dev/ttyUSB0?baud=115200, demo:cr1000."));
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_prgname ("outpostctl");

  if (argc < 2)
    {
      print_help ();
      return CLI_USAGE;
    }
  if (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h"))
    {
      print_help ();
      return CLI_DONE;
    }
  if (g_str_equal (argv[1], "--version"))
    {
      g_print ("outpostctl %s\n", OUTPOST_VERSION);
      return CLI_DONE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (argv[1], commands[i].name))
      return commands[i].run (argc - 1, argv + 1);
  return cli_usage (_("%s is no command; outpostctl --help lists them"), argv[1]);
}
