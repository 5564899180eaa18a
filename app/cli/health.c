/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli.h"

#include "app/engine/health-reader.h"

#include <glib/gi18n.h>

static void
add_text (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

/* The worst comes first, and is what the whole is judged by. */
static void
print_json (GPtrArray *findings)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  const OpHealthFinding *worst = findings->pdata[0];

  json_builder_begin_object (builder);
  add_text (builder, "judgement", op_judgement_get_nick (worst->judgement));
  json_builder_set_member_name (builder, "findings");
  json_builder_begin_array (builder);
  for (guint i = 0; i < findings->len; i++)
    {
      const OpHealthFinding *finding = findings->pdata[i];

      json_builder_begin_object (builder);
      add_text (builder, "id", finding->id);
      add_text (builder, "name", finding->name);
      add_text (builder, "value", finding->value);
      add_text (builder, "judgement", op_judgement_get_nick (finding->judgement));
      add_text (builder, "reason", finding->reason);
      add_text (builder, "advice", finding->advice);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  cli_print_builder (builder);
}

static void
print_text (GPtrArray *findings)
{
  g_autoptr (CliColumns) columns = cli_columns_new (4, _("Judgement"), _("What"), _("Value"), _("Why and what to do"));

  for (guint i = 0; i < findings->len; i++)
    {
      const OpHealthFinding *finding = findings->pdata[i];
      const char *parts[] = { finding->reason, finding->advice, NULL };
      g_autofree char *words = *finding->advice != '\0' ? g_strjoinv (". ", (char **) parts)
                                                        : g_strdup (finding->reason);

      cli_columns_add (columns, op_judgement_get_name (finding->judgement), finding->name, finding->value, words);
    }
  cli_columns_print (columns);
}

static GPtrArray *
read_health (CliSession *session, OpStation *station, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  op_health_read_async (station, session->cancellable, cli_await_cb, &result);
  return op_health_read_finish (station, cli_await (&result), error);
}

CliStatus
cli_health (int argc, char **argv)
{
  g_autoptr (CliSession) session = cli_session_new ();
  g_autoptr (OpStation) station = NULL;
  g_autoptr (GPtrArray) findings = NULL;
  g_autoptr (GError) error = NULL;
  CliStatus status = cli_session_parse (session, NULL, "STATION", &argc, &argv);

  if (status != CLI_DONE)
    return status;
  if (argc != 2)
    return cli_usage (_("health takes one station"));
  station = cli_session_find_station (session, argv[1], &error);
  if (station != NULL)
    findings = read_health (session, station, &error);
  if (findings == NULL)
    return cli_fail (g_steal_pointer (&error));
  if (session->json)
    print_json (findings);
  else
    print_text (findings);
  return CLI_DONE;
}
