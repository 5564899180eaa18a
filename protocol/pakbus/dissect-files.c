/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/dissect-private.h"

#include "protocol/pakbus/directory.h"
#include "protocol/pakbus/setting.h"

#include <string.h>

static void
add_field_names (GVariantBuilder *builder, const OpTable *table)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < table->n_fields; i++)
    g_string_append_printf (names, "%s%s %s", i > 0 ? ", " : "", table->fields[i].name,
                            op_type_name (table->fields[i].type));
  pak_dissect_add (builder, "Fields", pak_dissect_make_text (names->str));
}

static void
add_table (GVariantBuilder *builder, const OpTable *table)
{
  g_variant_builder_open (builder, G_VARIANT_TYPE_VARDICT);
  pak_dissect_add (builder, "TableNbr", g_variant_new_uint32 (table->number));
  pak_dissect_add (builder, "TableName", pak_dissect_make_text (table->name));
  pak_dissect_add (builder, "TableSize", g_variant_new_uint32 (table->size));
  pak_dissect_add (builder, "TblInterval",
                   g_variant_new_take_string (g_strdup_printf ("%.9g s", (double) table->interval / OP_SECOND)));
  pak_dissect_add (builder, "TableDefSig", g_variant_new_uint32 (table->signature));
  add_field_names (builder, table);
  g_variant_builder_close (builder);
}

static void
take_definitions (PakMemory *memory, guint node, GPtrArray *tables, GVariantBuilder *builder)
{
  GVariantBuilder groups;

  g_variant_builder_init (&groups, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < tables->len; i++)
    {
      pak_memory_keep_table (memory, node, g_ptr_array_index (tables, i));
      add_table (&groups, g_ptr_array_index (tables, i));
    }
  pak_dissect_add (builder, "Definitions", g_variant_builder_end (&groups));
}

static void
add_directory (const GPtrArray *entries, GVariantBuilder *builder)
{
  GVariantBuilder groups;

  g_variant_builder_init (&groups, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < entries->len; i++)
    {
      const PakDirectoryEntry *entry = g_ptr_array_index (entries, i);

      g_variant_builder_open (&groups, G_VARIANT_TYPE_VARDICT);
      pak_dissect_add (&groups, "FileName", pak_dissect_make_text (entry->name));
      pak_dissect_add (&groups, "FileSize", g_variant_new_uint32 (entry->size));
      pak_dissect_add (&groups, "LastUpdate", pak_dissect_make_text (entry->date));
      pak_dissect_add (&groups, "Attributes", pak_dissect_make_hex (entry->attributes, entry->n_attributes));
      g_variant_builder_close (&groups);
    }
  pak_dissect_add (builder, "Directory", g_variant_builder_end (&groups));
}

static gboolean
has_suffix (const char *name, const char *suffix)
{
  gsize length = strlen (name);

  return length >= strlen (suffix) && g_ascii_strcasecmp (name + length - strlen (suffix), suffix) == 0;
}

void
pak_dissect_file (PakMemory *memory, guint node, const char *name, const GByteArray *content, GVariantBuilder *builder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = NULL;

  if (has_suffix (name, ".tdf"))
    {
      items = op_table_parse_file (content->data, content->len, &error);
      if (items != NULL)
        take_definitions (memory, node, items, builder);
    }
  else if (has_suffix (name, ".dir"))
    {
      items = pak_directory_parse (content->data, content->len, &error);
      if (items != NULL)
        add_directory (items, builder);
    }
  if (error != NULL)
    pak_dissect_add (builder, "FileError", pak_dissect_make_text (error->message));
}

void
pak_dissect_setting (const PakMessage *message, const char *field, GVariantBuilder *builder)
{
  if (strcmp (field, "SettingId") == 0)
    {
      guint16 id = (guint16) pak_message_get_uint (message, "SettingId");

      pak_dissect_add (builder, "SettingName", g_variant_new_take_string (pak_setting_dup_name (id)));
    }
  else if (strcmp (field, "SettingValue") == 0)
    {
      guint16 id = (guint16) pak_message_get_uint (message, "SettingId");
      gsize length;
      const guint8 *bytes = pak_message_get_bytes (message, "SettingValue", &length);
      g_autoptr (PakSetting) setting = pak_setting_new (id, FALSE, bytes, length);
      g_autofree char *text = pak_setting_to_text (setting);

      pak_dissect_add (builder, "ValueText", pak_dissect_make_text (text));
    }
}
