/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/dissect.h"
#include "protocol/pakbus/packet.h"
#include "tests/pakbus/vectors.h"

#include <string.h>

/* Packets between a program, 4094, and logger 1. */
#define COMMAND  "A0014FFE10010FFE "
#define RESPONSE "AFFE00011FFE0001 "

static void
append_hex (GByteArray *bytes, const char *hex)
{
  g_autoptr (GByteArray) more = pak_vector_bytes (hex);

  g_byte_array_append (bytes, more->data, more->len);
}

/* The fields of a frame, which is right. */
static GVariant *
dissect_bytes (PakDissector *dissector, const GByteArray *bytes)
{
  g_autofree guint8 *body = g_memdup2 (bytes->data, bytes->len);
  g_autoptr (GVariant) frame = pak_dissector_frame (dissector, PAK_FRAME_OK, body, bytes->len);
  g_autofree char *text = pak_dissector_to_text (frame);

  g_test_message ("%s", text);
  g_assert_true (g_variant_is_normal_form (frame));
  return g_variant_lookup_value (frame, "fields", G_VARIANT_TYPE_VARDICT);
}

static GVariant *
dissect (PakDissector *dissector, const char *header, const char *hex)
{
  g_autoptr (GByteArray) bytes = pak_vector_bytes (header);

  append_hex (bytes, hex);
  return dissect_bytes (dissector, bytes);
}

static void
pass (PakDissector *dissector, const char *header, const char *hex)
{
  g_autoptr (GVariant) fields = dissect (dissector, header, hex);

  g_assert_nonnull (fields);
}

static void
assert_uint (GVariant *fields, const char *name, guint32 expected)
{
  guint32 value = 0;

  g_assert_true (g_variant_lookup (fields, name, "u", &value));
  g_assert_cmpuint (value, ==, expected);
}

static void
assert_string (GVariant *fields, const char *name, const char *expected)
{
  const char *value = NULL;

  g_assert_true (g_variant_lookup (fields, name, "&s", &value));
  g_assert_cmpstr (value, ==, expected);
}

static void
assert_lacks (GVariant *fields, const char *name)
{
  g_autoptr (GVariant) value = g_variant_lookup_value (fields, name, NULL);

  g_assert_null (value);
}

static GVariant *
get_group (GVariant *fields, const char *name, gsize i, gsize n_expected)
{
  g_autoptr (GVariant) groups = g_variant_lookup_value (fields, name, G_VARIANT_TYPE ("aa{sv}"));

  g_assert_nonnull (groups);
  g_assert_cmpuint (g_variant_n_children (groups), ==, n_expected);
  return g_variant_get_child_value (groups, i);
}

static GVariant *
get_values (GVariant *record)
{
  return g_variant_lookup_value (record, "Values", G_VARIANT_TYPE_VARDICT);
}

/* The definitions of a real CR1000 as its file .TDF. */
static GByteArray *
load_definitions (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fixtures", "cr1000-os24.tdf.hex", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  g_strdelimit (text, "\n", ' ');
  return pak_vector_bytes (text);
}

/* One exchange of a file transfer: 512 bytes are asked for each time. */
static GVariant *
pass_fragment (PakDissector *dissector, const GByteArray *file, guint offset)
{
  g_autofree char *at = g_strdup_printf ("%08X", offset);
  g_autofree char *asked = g_strconcat ("1D07 0000 2E54444600 00 ", at, " 0200", NULL);
  g_autofree char *head = g_strconcat (RESPONSE, "9D07 00 ", at, NULL);
  g_autoptr (GByteArray) response = pak_vector_bytes (head);

  pass (dissector, COMMAND, asked);
  g_byte_array_append (response, file->data + offset, MIN (512, file->len - offset));
  return dissect_bytes (dissector, response);
}

static void
pass_definitions (PakDissector *dissector)
{
  g_autoptr (GByteArray) file = load_definitions ();

  for (guint offset = 0; offset < file->len; offset += 512)
    {
      g_autoptr (GVariant) fields = pass_fragment (dissector, file, offset);

      assert_string (fields, "FileName", ".TDF");
    }
}

static void
pass_one_way_definition (PakDissector *dissector)
{
  g_autofree char *definition = g_strconcat ("2000 0002 ", pak_table1_definition_hex, NULL);

  pass (dissector, RESPONSE, definition);
}

/* Of the six records of the vector, by PyCampbellCR1000's own test. */
static void
assert_cr1000_records (GVariant *fields)
{
  g_autoptr (GVariant) first = get_group (fields, "Records", 0, 6);
  g_autoptr (GVariant) last = get_group (fields, "Records", 5, 6);
  g_autoptr (GVariant) first_values = get_values (first);
  g_autoptr (GVariant) last_values = get_values (last);

  assert_uint (fields, "TableNbr", 2);
  assert_string (fields, "TableName", "Table1");
  assert_lacks (fields, "RecFrag");
  assert_lacks (fields, "RecordsLeftOut");
  assert_uint (first, "RecNbr", 89052);
  assert_string (first, "TimeOfRec", "2012-07-26 13:40:00");
  assert_uint (last, "RecNbr", 89057);
  assert_string (last, "TimeOfRec", "2012-07-26 13:45:00");
  g_assert_cmpuint (g_variant_n_children (first_values), ==, 10);
  assert_string (first_values, "Batt_Volt_Avg", "13.61");
  assert_string (first_values, "CurSensor1_mVolt_Avg", "2506");
  assert_string (first_values, "CurSensor4_mAmp_Avg", "121.3");
  assert_string (last_values, "CurSensor2_mAmp_Avg", "-789.2");
}

static void
test_definitions_by_file (void)
{
  g_autoptr (PakDissector) dissector = pak_dissector_new ();
  g_autoptr (GByteArray) file = load_definitions ();
  g_autofree char *body = g_strconcat ("8903 00 ", pak_collect_body_hex, NULL);
  g_autoptr (GVariant) before = dissect (dissector, RESPONSE, body);
  g_autoptr (GVariant) after = NULL;

  assert_lacks (before, "Records");
  for (guint offset = 0; offset < file->len; offset += 512)
    {
      g_autoptr (GVariant) fields = pass_fragment (dissector, file, offset);
      /* A retry has the same answer come twice. */
      g_autoptr (GVariant) again = offset == 512 ? pass_fragment (dissector, file, offset) : NULL;
      g_autoptr (GVariant) table = NULL;

      if (offset + 512 < file->len)
        assert_lacks (fields, "Definitions");
      else
        table = get_group (fields, "Definitions", 1, 3);
      if (table != NULL)
        assert_string (table, "TableName", "Table1");
      if (table != NULL)
        assert_uint (table, "TableDefSig", 0x9EA7);
    }
  pass (dissector, COMMAND, "0904 0000 05 0002 9EA7 00000006 0000");
  body[3] = '4';
  after = dissect (dissector, RESPONSE, body);
  assert_cr1000_records (after);
}

static void
test_missing_fragment (void)
{
  g_autoptr (PakDissector) dissector = pak_dissector_new ();
  g_autoptr (GByteArray) file = load_definitions ();
  g_autofree char *body = g_strconcat ("8903 00 ", pak_collect_body_hex, NULL);
  g_autoptr (GVariant) fields = NULL;

  for (guint offset = 0; offset < file->len; offset += 512)
    {
      g_autoptr (GVariant) fragment = offset != 1024 ? pass_fragment (dissector, file, offset) : NULL;

      if (fragment != NULL)
        assert_lacks (fragment, "Definitions");
    }
  fields = dissect (dissector, RESPONSE, body);
  assert_lacks (fields, "Records");
}

static void
test_definitions_by_one_way (void)
{
  g_autoptr (PakDissector) dissector = pak_dissector_new ();
  g_autofree char *body = g_strconcat ("8903 00 ", pak_collect_body_hex, NULL);
  g_autoptr (GVariant) fields = NULL;
  g_autoptr (GVariant) other = NULL;

  pass_one_way_definition (dissector);
  fields = dissect (dissector, RESPONSE, body);
  assert_cr1000_records (fields);
  /* Another logger may have other tables. */
  other = dissect (dissector, "AFFE00021FFE0002", body);
  assert_lacks (other, "Records");
}

/* The answer has the fields in the table's order. */
static void
test_field_list (void)
{
  g_autoptr (PakDissector) dissector = pak_dissector_new ();
  g_autoptr (GVariant) fields = NULL;
  g_autoptr (GVariant) record = NULL;
  g_autoptr (GVariant) values = NULL;

  pass_one_way_definition (dissector);
  pass (dissector, COMMAND, "0905 0000 05 0002 9EA7 00000002 0003 0001 0000");
  fields = dissect (dissector, RESPONSE, "8905 00 0002 00015BDC 0002 2A72AB30 00000000 4551 09CA 4550 09CB 00");
  record = get_group (fields, "Records", 1, 2);
  values = get_values (record);
  g_assert_cmpuint (g_variant_n_children (values), ==, 2);
  assert_string (values, "Batt_Volt_Avg", "13.6");
  assert_string (values, "CurSensor1_mVolt_Avg", "2507");
}

/* Table1 and Status, which is an event table of one record of whatever was asked. */
static void
test_several_tables (void)
{
  g_autoptr (PakDissector) dissector = pak_dissector_new ();
  g_autoptr (GVariant) fields = NULL;
  g_autoptr (GVariant) first = NULL;
  g_autoptr (GVariant) second = NULL;
  g_autoptr (GVariant) record = NULL;
  g_autoptr (GVariant) values = NULL;
  gboolean more = FALSE;

  pass_definitions (dissector);
  pass (dissector, COMMAND, "0906 0000 05 0002 9EA7 00000001 0001 0000 0001 3888 00000001 0003 0000");
  fields = dissect (dissector, RESPONSE,
                    "8906 00 0002 00015BDC 0001 2A72AB30 00000000 4551"
                    " 0001 00000007 0001 2A72AB31 1DCD6500 00001234 FF");
  first = get_group (fields, "Blocks", 0, 2);
  second = get_group (fields, "Blocks", 1, 2);
  g_assert_true (g_variant_lookup (fields, "MoreRecsExist", "b", &more));
  g_assert_true (more);
  assert_string (first, "TableName", "Table1");
  assert_string (second, "TableName", "Status");
  record = get_group (second, "Records", 0, 1);
  values = get_values (record);
  assert_uint (record, "RecNbr", 7);
  assert_string (record, "TimeOfRec", "2012-07-26 13:40:01.5");
  assert_string (values, "OSSignature", "4660");
}

static void
test_fragment (void)
{
  g_autoptr (PakDissector) dissector = pak_dissector_new ();
  g_autoptr (GVariant) fields = NULL;

  pass_one_way_definition (dissector);
  fields = dissect (dissector, RESPONSE, "8903 00 0002 00000007 800001F4 4142 FF");
  assert_string (fields, "TableName", "Table1");
  assert_uint (fields, "IsOffset", 1);
  assert_uint (fields, "ByteOffset", 500);
  assert_string (fields, "RecFrag", "4142");
  assert_lacks (fields, "Records");
}

/* Definitions that are not those asked by, or that do not fit, decode nothing: the bytes are told. */
static void
test_other_definition (void)
{
  g_autoptr (PakDissector) dissector = pak_dissector_new ();
  g_autoptr (GVariant) stale = NULL;
  g_autoptr (GVariant) longer = NULL;
  g_autoptr (GVariant) one_way = NULL;

  pass_one_way_definition (dissector);
  pass (dissector, COMMAND, "0905 0000 05 0002 1111 00000001 0001 0000");
  stale = dissect (dissector, RESPONSE, "8905 00 0002 00015BDC 0001 2A72AB30 00000000 4551 00");
  assert_string (stale, "RecFrag", "2a72ab30000000004551");
  pass (dissector, COMMAND, "0906 0000 05 0002 9EA7 00000001 0001 0000");
  longer = dissect (dissector, RESPONSE, "8906 00 0002 00015BDC 0001 2A72AB30 00000000 4551 45 00");
  assert_string (longer, "RecFrag", "2a72ab3000000000455145");
  one_way = dissect (dissector, RESPONSE, "1400 0002 1111 00015BDC 0001 2A72AB30 00000000 4551");
  assert_string (one_way, "RecFrag", "2a72ab30000000004551");
}

static void
test_one_way (void)
{
  g_autoptr (PakDissector) dissector = pak_dissector_new ();
  g_autoptr (GByteArray) body = pak_vector_bytes (pak_collect_body_hex);
  g_autoptr (GByteArray) message = pak_vector_bytes (RESPONSE "1400 0002 9EA7 00015BDC 0006");
  g_autoptr (GVariant) fields = NULL;

  /* Behind the block's head; without MoreRecsExist. */
  g_byte_array_append (message, body->data + 8, body->len - 9);
  pass_one_way_definition (dissector);
  fields = dissect_bytes (dissector, message);
  assert_uint (fields, "RecNbr", 89052);
  assert_uint (fields, "TableDefSig", 0x9EA7);
  assert_cr1000_records (fields);
}

/* Sixty records of one field of two bytes. */
static void
test_many_records (void)
{
  g_autoptr (PakDissector) dissector = pak_dissector_new ();
  g_autoptr (GByteArray) message = pak_vector_bytes (RESPONSE "8905 00 0002 FFFFFFFF 003C 2A72AB30 00000000");
  g_autoptr (GVariant) fields = NULL;
  g_autoptr (GVariant) second = NULL;

  for (guint i = 0; i < 60; i++)
    append_hex (message, "4551");
  append_hex (message, "00");
  pass_one_way_definition (dissector);
  pass (dissector, COMMAND, "0905 0000 05 0002 9EA7 0000003C 0001 0000");
  fields = dissect_bytes (dissector, message);
  assert_uint (fields, "NbrOfRecs", 60);
  assert_uint (fields, "RecordsLeftOut", 10);
  /* Numbers wrap. */
  second = get_group (fields, "Records", 1, 50);
  assert_uint (second, "RecNbr", 0);
  assert_string (second, "TimeOfRec", "2012-07-26 13:41:00");
}

static void
test_directory (void)
{
  g_autoptr (PakDissector) dissector = pak_dissector_new ();
  g_autofree char *answer = g_strconcat ("9D08 00 00000000 ", pak_directory_hex, NULL);
  g_autoptr (GVariant) fields = NULL;
  g_autoptr (GVariant) drive = NULL;
  g_autoptr (GVariant) file = NULL;

  pass (dissector, COMMAND, "1D08 0000 4350553A2E64697200 00 00000000 03E0");
  fields = dissect (dissector, RESPONSE, answer);
  drive = get_group (fields, "Directory", 0, 3);
  file = get_group (fields, "Directory", 2, 3);
  assert_string (drive, "FileName", "CPU:");
  assert_uint (drive, "FileSize", 0x76E00);
  assert_string (file, "FileName", "CPU:CR1000_LABO.CR1");
  assert_string (file, "LastUpdate", "2012-05-23 11:25:38");
  assert_string (file, "Attributes", "0102");
}

/* Settings by the names of the manual's appendix C; a station name and a read-only OS version. */
static void
test_settings (void)
{
  g_autoptr (PakDissector) dissector = pak_dissector_new ();
  g_autoptr (GVariant) got = dissect (dissector, "AFFE00010FFE0001", "8F01 01 000C 05 00 00 0002 0005 4861757300");
  g_autoptr (GVariant) set = dissect (dissector, "A0014FFE00010FFE", "1002 0000 0003 0002 0007");
  g_autoptr (GVariant) name = get_group (got, "Settings", 0, 1);
  g_autoptr (GVariant) address = get_group (set, "Settings", 0, 1);

  assert_string (name, "SettingName", "Station Name");
  assert_string (name, "ValueText", "Haus");
  assert_string (address, "SettingName", "PakBus Address");
  assert_string (address, "ValueText", "7");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dissect/records/definitions-by-file", test_definitions_by_file);
  g_test_add_func ("/dissect/records/missing-fragment", test_missing_fragment);
  g_test_add_func ("/dissect/records/definitions-by-one-way", test_definitions_by_one_way);
  g_test_add_func ("/dissect/records/field-list", test_field_list);
  g_test_add_func ("/dissect/records/several-tables", test_several_tables);
  g_test_add_func ("/dissect/records/fragment", test_fragment);
  g_test_add_func ("/dissect/records/other-definition", test_other_definition);
  g_test_add_func ("/dissect/records/one-way", test_one_way);
  g_test_add_func ("/dissect/records/many", test_many_records);
  g_test_add_func ("/dissect/directory", test_directory);
  g_test_add_func ("/dissect/settings", test_settings);
  return g_test_run ();
}
