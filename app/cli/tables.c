/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli.h"

#include <glib/gi18n.h>

static void
add_field_json (JsonBuilder *builder, const OpField *field)
{
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "name");
  json_builder_add_string_value (builder, field->name);
  json_builder_set_member_name (builder, "type");
  json_builder_add_string_value (builder, op_type_name (field->type));
  json_builder_set_member_name (builder, "units");
  json_builder_add_string_value (builder, field->units);
  json_builder_set_member_name (builder, "processing");
  json_builder_add_string_value (builder, field->processing);
  json_builder_set_member_name (builder, "dimensions");
  json_builder_begin_array (builder);
  for (guint i = 0; i < field->n_sub_dims; i++)
    json_builder_add_int_value (builder, field->sub_dims[i]);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "read_only");
  json_builder_add_boolean_value (builder, field->read_only);
  json_builder_end_object (builder);
}

static void
add_table_json (JsonBuilder *builder, const OpTable *table)
{
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "name");
  json_builder_add_string_value (builder, table->name);
  json_builder_set_member_name (builder, "number");
  json_builder_add_int_value (builder, table->number);
  json_builder_set_member_name (builder, "interval_s");
  json_builder_add_double_value (builder, (double) table->interval / OP_SECOND);
  json_builder_set_member_name (builder, "size");
  json_builder_add_int_value (builder, table->size);
  json_builder_set_member_name (builder, "signature");
  json_builder_add_int_value (builder, table->signature);
  json_builder_set_member_name (builder, "fields");
  json_builder_begin_array (builder);
  for (guint i = 0; i < table->n_fields; i++)
    add_field_json (builder, &table->fields[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static void
print_json (GPtrArray *tables)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < tables->len; i++)
    add_table_json (builder, g_ptr_array_index (tables, i));
  json_builder_end_array (builder);
  cli_print_builder (builder);
}

static void
print_table_text (const OpTable *table)
{
  g_autoptr (CliColumns) columns
      = cli_columns_new (5, _("  Field"), _("Type"), _("Units"), _("Processing"), _("Dimensions"));

  g_print ("%s  ", table->name);
  if (op_table_is_event (table))
    g_print ("%s", _("event table"));
  else
    g_print (_("every %g s"), (double) table->interval / OP_SECOND);
  g_print (_(", %u records, signature %u\n"), table->size, table->signature);

  for (guint i = 0; i < table->n_fields; i++)
    {
      const OpField *field = &table->fields[i];
      g_autofree char *name = g_strdup_printf ("  %s", field->name);
      g_autoptr (GString) dimensions = g_string_new (NULL);

      for (guint d = 0; d < field->n_sub_dims; d++)
        g_string_append_printf (dimensions, "%s%u", d > 0 ? "×" : "", field->sub_dims[d]);
      cli_columns_add (columns, name, op_type_name (field->type), field->units, field->processing, dimensions->str);
    }
  cli_columns_print (columns);
}

CliStatus
cli_tables (int argc, char **argv)
{
  g_autoptr (CliSession) session = cli_session_new ();
  g_autoptr (OpStation) station = NULL;
  g_autoptr (GError) error = NULL;
  CliStatus status = cli_session_parse (session, NULL, "STATION", &argc, &argv);
  GPtrArray *tables;

  if (status != CLI_DONE)
    return status;
  if (argc != 2)
    return cli_usage (_("tables takes one station"));

  station = cli_session_find_station (session, argv[1], &error);
  if (station == NULL || !cli_session_connect (session, station, &error))
    return cli_fail (g_steal_pointer (&error));

  tables = op_station_get_tables (station);
  if (session->json)
    print_json (tables);
  else
    for (guint i = 0; i < tables->len; i++)
      print_table_text (g_ptr_array_index (tables, i));
  op_station_disconnect (station);
  return CLI_DONE;
}
