/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/dissect.h"

#define INDENT 2

static void append_fields (GString *text, GVariant *fields, gboolean is_bmp5, guint depth);

static guint32
get_uint (GVariant *frame, const char *name)
{
  guint32 value = 0;

  g_variant_lookup (frame, name, "u", &value);
  return value;
}

static const char *
get_text (GVariant *frame, const char *name)
{
  const char *text = NULL;

  g_variant_lookup (frame, name, "&s", &text);
  return text;
}

static void
append_line_start (GString *text, guint depth, const char *name)
{
  g_string_append_printf (text, "\n%*s%s:", (int) (depth * INDENT), "", name);
}

/* Lines of a text are set apart so that each frame's lines keep their indent. */
static void
append_escaped (GString *text, const char *value)
{
  for (; *value != '\0'; value = g_utf8_next_char (value))
    {
      gunichar character = g_utf8_get_char (value);

      if (character < 0x20 || character == 0x7F)
        g_string_append_printf (text, "\\x%02x", character);
      else
        g_string_append_unichar (text, character);
    }
}

/* "17 2026-11-21 09:00:00: AirTC_Avg 4.2, RH 77" */
static void
append_record (GString *text, GVariant *record, guint depth)
{
  g_autoptr (GVariant) values = g_variant_lookup_value (record, "Values", G_VARIANT_TYPE_VARDICT);

  g_string_append_printf (text, "\n%*s%u %s:", (int) (depth * INDENT), "", get_uint (record, "RecNbr"),
                          get_text (record, "TimeOfRec"));
  for (gsize i = 0; i < g_variant_n_children (values); i++)
    {
      const char *name;
      g_autoptr (GVariant) value = NULL;

      g_variant_get_child (values, i, "{&sv}", &name, &value);
      g_string_append_printf (text, "%s %s ", i > 0 ? "," : "", name);
      append_escaped (text, g_variant_get_string (value, NULL));
    }
}

static void
append_records (GString *text, GVariant *records, guint depth)
{
  for (gsize i = 0; i < g_variant_n_children (records); i++)
    {
      g_autoptr (GVariant) record = g_variant_get_child_value (records, i);

      append_record (text, record, depth);
    }
}

static void
append_groups (GString *text, GVariant *groups, gboolean is_bmp5, guint depth)
{
  for (gsize i = 0; i < g_variant_n_children (groups); i++)
    {
      g_autoptr (GVariant) group = g_variant_get_child_value (groups, i);
      g_autofree char *number = g_strdup_printf ("%" G_GSIZE_FORMAT, i + 1);

      append_line_start (text, depth, number);
      append_fields (text, group, is_bmp5, depth + 1);
    }
}

static void
append_value (GString *text, const char *name, GVariant *value, gboolean is_bmp5, guint depth)
{
  append_line_start (text, depth, name);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    g_string_append (text, g_variant_get_boolean (value) ? " true" : " false");
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_UINT32))
    g_string_append_printf (text, " %u", g_variant_get_uint32 (value));
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    {
      g_string_append_c (text, ' ');
      append_escaped (text, g_variant_get_string (value, NULL));
    }
  else if (g_str_equal (name, "Records"))
    append_records (text, value, depth + 1);
  else
    append_groups (text, value, is_bmp5, depth + 1);
  if (is_bmp5 && g_str_equal (name, "RespCode"))
    g_string_append_printf (text, " (%s)", pak_response_code_to_string (g_variant_get_uint32 (value)));
}

static void
append_fields (GString *text, GVariant *fields, gboolean is_bmp5, guint depth)
{
  for (gsize i = 0; i < g_variant_n_children (fields); i++)
    {
      const char *name;
      g_autoptr (GVariant) value = NULL;

      g_variant_get_child (fields, i, "{&sv}", &name, &value);
      append_value (text, name, value, is_bmp5, depth);
    }
}

/* "4094 to 1", or with the node behind where it is another: "4094 to 2 (node 7)". */
static void
append_addresses (GString *text, GVariant *frame)
{
  gboolean has_nodes = get_text (frame, "protocol") != NULL;
  guint32 src_phy = get_uint (frame, "src_phy");
  guint32 dst_phy = get_uint (frame, "dst_phy");

  g_string_append_printf (text, ", %u", src_phy);
  if (has_nodes && get_uint (frame, "src_node") != src_phy)
    g_string_append_printf (text, " (node %u)", get_uint (frame, "src_node"));
  g_string_append_printf (text, " to %u", dst_phy);
  if (has_nodes && get_uint (frame, "dst_node") != dst_phy)
    g_string_append_printf (text, " (node %u)", get_uint (frame, "dst_node"));
}

/* What the frame is, as far as it is one of its own kind. */
static void
append_frame_kind (GString *text, GVariant *frame)
{
  const char *framing = get_text (frame, "framing");
  gboolean signature_ok = FALSE;

  g_variant_lookup (frame, "signature_ok", "b", &signature_ok);
  if (!signature_ok)
    g_string_append (text, "Damaged frame, perhaps ");
  else if (framing != NULL)
    g_string_append_printf (text, "%s frame, ", framing);
}

static void
append_headline (GString *text, GVariant *frame)
{
  const char *message = get_text (frame, "message");
  gboolean has_header = get_text (frame, "link_state") != NULL;

  if (!has_header && message == NULL)
    {
      g_string_append (text, "Damaged frame");
      return;
    }
  append_frame_kind (text, frame);
  if (message != NULL)
    g_string_append_printf (text, "%s: %s (0x%02x), transaction %u", get_text (frame, "protocol"), message,
                            get_uint (frame, "type"), get_uint (frame, "transaction"));
  else
    g_string_append (text, get_text (frame, "protocol") != NULL ? "Header only" : "Link state");
  if (!has_header)
    return;
  append_addresses (text, frame);
  g_string_append_printf (text, ", %s, expect more: %s, priority %u", get_text (frame, "link_state"),
                          get_text (frame, "expect_more"), get_uint (frame, "priority"));
}

char *
pak_dissector_to_text (GVariant *frame)
{
  GString *text = g_string_new (NULL);
  gboolean is_bmp5 = g_strcmp0 (get_text (frame, "protocol"), pak_protocol_to_string (PAK_PROTOCOL_BMP5)) == 0;
  g_autoptr (GVariant) fields = g_variant_lookup_value (frame, "fields", G_VARIANT_TYPE_VARDICT);

  append_headline (text, frame);
  if (fields != NULL)
    append_fields (text, fields, is_bmp5, 1);
  if (get_text (frame, "error") != NULL)
    g_string_append_printf (text, "\n%*serror: %s\n%*sbytes: %s", INDENT, "", get_text (frame, "error"), INDENT, "",
                            get_text (frame, "bytes"));
  return g_string_free (text, FALSE);
}
