/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/identity-json.h"

#include <json-glib/json-glib.h>

static void
add_text (JsonBuilder *builder, const char *name, const char *text)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, text);
}

static void
add_number (JsonBuilder *builder, const char *name, guint number)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, number);
}

char *
op_identity_to_json (const OpIdentity *identity)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  add_text (builder, "family", identity->family);
  add_text (builder, "model", identity->model);
  add_text (builder, "os_version", identity->os_version);
  add_text (builder, "serial_number", identity->serial_number);
  add_text (builder, "station_name", identity->station_name);
  add_number (builder, "pakbus_address", identity->pakbus_address);
  add_text (builder, "program", identity->program);
  add_number (builder, "program_signature", identity->program_signature);
  add_number (builder, "compile_state", identity->compile_state);
  add_text (builder, "compile_result", identity->compile_result);
  json_builder_end_object (builder);
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

static char *
dup_text (JsonObject *object, const char *name)
{
  return g_strdup (json_object_get_string_member_with_default (object, name, ""));
}

static guint
get_number (JsonObject *object, const char *name)
{
  return (guint) json_object_get_int_member_with_default (object, name, 0);
}

OpIdentity *
op_identity_from_json (const char *json)
{
  g_autoptr (JsonNode) root = json != NULL ? json_from_string (json, NULL) : NULL;
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;
  JsonObject *object = json_node_get_object (root);
  OpIdentity *identity = g_new0 (OpIdentity, 1);
  identity->family = dup_text (object, "family");
  identity->model = dup_text (object, "model");
  identity->os_version = dup_text (object, "os_version");
  identity->serial_number = dup_text (object, "serial_number");
  identity->station_name = dup_text (object, "station_name");
  identity->pakbus_address = get_number (object, "pakbus_address");
  identity->program = dup_text (object, "program");
  identity->program_signature = (guint16) get_number (object, "program_signature");
  identity->compile_state = get_number (object, "compile_state");
  identity->compile_result = dup_text (object, "compile_result");
  return identity;
}
