/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/message-private.h"
#include "tests/pakbus/vectors.h"

#include <string.h>

/* The message that "GROUP/INDEX/…/NAME" leads to; @path then is NAME. */
static const PakMessage *
follow (const PakMessage *message, char **path)
{
  char *slash;

  while ((slash = strchr (*path, '/')) != NULL)
    {
      const char *group = *path;
      guint index = (guint) strtoul (slash + 1, path, 10);

      *slash = '\0';
      message = pak_message_get_group (message, group, index);
      (*path)++;
    }
  return message;
}

static void
assert_bytes_are (const PakMessage *message, const char *name, const char *hex)
{
  g_autoptr (GByteArray) expected = pak_vector_bytes (hex);
  gsize length;
  const guint8 *bytes = pak_message_get_bytes (message, name, &length);

  g_assert_cmpmem (bytes, length, expected->data, expected->len);
}

/* Checks one line of PakVector's fields. */
static void
assert_field (const PakMessage *message, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  char *name = words[1];
  const char *value = words[2] != NULL ? words[2] : "";
  gsize length;

  message = follow (message, &name);
  g_assert_cmpint (pak_message_has (message, name), ==,
                   line[0] != '-' && !(strchr ("gn", line[0]) && g_str_equal (value, "0")));
  switch (line[0])
    {
    case 'u':
      g_assert_cmpuint (pak_message_get_uint (message, name), ==, g_ascii_strtoull (value, NULL, 10));
      break;
    case 't':
      g_assert_cmpint (pak_message_get_time (message, name), ==,
                       g_ascii_strtoll (value, NULL, 10) * 1000000000 + g_ascii_strtoll (words[3], NULL, 10));
      break;
    case 's':
      g_assert_cmpstr (pak_message_get_text (message, name), ==, value);
      break;
    case 'n':
      pak_message_get_bytes (message, name, &length);
      g_assert_cmpuint (length, ==, g_ascii_strtoull (value, NULL, 10));
      break;
    case 'x':
      assert_bytes_are (message, name, value);
      break;
    case 'g':
      g_assert_cmpuint (pak_message_get_n_groups (message, name), ==, g_ascii_strtoull (value, NULL, 10));
      break;
    case '-':
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
assert_fields (const PakMessage *message, const char *fields)
{
  g_auto (GStrv) lines = g_strsplit (fields, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (lines[i][0] != '\0')
      assert_field (message, lines[i]);
}

static void
assert_encodes (const PakMessage *message, const guint8 *bytes, gsize length)
{
  g_autoptr (GByteArray) again = g_byte_array_new ();

  pak_message_encode (message, again);
  g_assert_cmpmem (again->data, again->len, bytes, length);
}

/* Decodes @hex, checks its fields, and that it is encoded again as it was. */
static void
assert_message (PakProtocol protocol, const char *hex, const char *name, const char *fields)
{
  g_autoptr (GByteArray) bytes = pak_vector_bytes (hex);
  g_autoptr (GError) error = NULL;
  g_autoptr (PakMessage) message = pak_message_decode (protocol, bytes->data, bytes->len, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (pak_message_desc_get_name (pak_message_get_desc (message)), ==, name);
  assert_fields (message, fields);
  assert_encodes (message, bytes->data, bytes->len);
}

static void
assert_refused (PakProtocol protocol, const char *hex, const char *text)
{
  g_autoptr (GByteArray) bytes = pak_vector_bytes (hex);
  g_autoptr (GError) error = NULL;

  g_assert_null (pak_message_decode (protocol, bytes->data, bytes->len, &error));
  g_assert_error (error, PAK_ERROR, PAK_ERROR_MESSAGE);
  g_assert_cmpstr (error->message, ==, text);
}

static void
test_vectors (void)
{
  guint n = 0;

  for (guint i = 0; i < pak_n_vectors; i++)
    {
      const PakVector *vector = &pak_vectors[i];
      g_autoptr (GByteArray) body = pak_vector_body (vector);
      g_autoptr (PakMessage) message = NULL;
      g_autoptr (GError) error = NULL;

      if (vector->fields == NULL)
        continue;
      g_test_message ("%s", vector->name);
      message = pak_message_decode (vector->packet.protocol, body->data + 8, body->len - 8, &error);
      g_assert_no_error (error);
      g_assert_cmphex (pak_message_desc_get_type (pak_message_get_desc (message)), ==, vector->packet.type);
      g_assert_cmpuint (pak_message_get_transaction (message), ==, vector->packet.transaction);
      assert_fields (message, vector->fields);
      assert_encodes (message, body->data + 8, body->len - 8);
      n++;
    }
  g_assert_cmpuint (n, ==, 21);
}

/* Written out by hand from the manual's sections 2.2 and 2.3. */
static void
test_pakctrl_messages (void)
{
  assert_message (0, "8100 04 1001 0FFE 1705", "Delivery Failure",
                  "u ErrCode 4\nu HiProtoCode 1\nu DstPBAddr 1\nu HopCnt 0\nu SrcPBAddr 4094\nx MsgData 1705");
  assert_message (0, "0E00", "Hello Request", "");
  assert_message (0, "0D00", "Bye", "");
  assert_message (0, "0701 00", "Get Settings Command", "s NameList ");
  assert_message (0, "8701 4D6F64656C3D43523230303B00", "Get Settings Response", "s Settings Model=CR200;");
  assert_message (0, "0801 413D313B00", "Set Settings Command", "s Settings A=1;");
  assert_message (0, "8801 00", "Set Settings Response", "u RespCode 0\n- FailOffset");
  assert_message (0, "8801 03 0004", "Set Settings Response", "u RespCode 3\nu FailOffset 4");
  assert_message (0, "0F01 1234 0003", "DevConfig Get Settings Command",
                  "u SecurityCode 4660\nu BeginSettingId 3\n- EndSettingId");
  assert_message (0, "8F01 02", "DevConfig Get Settings Response", "u Outcome 2\n- DeviceType\ng Settings 0");
  assert_message (0, "8F01 01 000C 05 00 00 0001 C002 4142 0002 0000", "DevConfig Get Settings Response",
                  "g Settings 2\nu Settings/0/LargeValue 1\nu Settings/0/ReadOnly 1\nu Settings/0/SettingLen 2\n"
                  "x Settings/0/SettingValue 4142\nu Settings/1/SettingId 2\nu Settings/1/SettingLen 0");
  assert_message (0, "1001 0000 0003 0002 0007", "DevConfig Set Settings Command",
                  "g Settings 1\nu Settings/0/SettingId 3\nx Settings/0/SettingValue 0007");
  assert_message (0, "9001 01 0003 01 0004 05", "DevConfig Set Settings Response",
                  "u Outcome 1\ng Settings 2\nu Settings/1/SettingId 4\nu Settings/1/SettingsOutcome 5");
  assert_message (0, "1101 0000 0038 00000200", "DevConfig Get Setting Fragment Command",
                  "u SettingId 56\nu Offset 512");
  assert_message (0, "9101 01 8003 414243", "DevConfig Get Setting Fragment Response",
                  "u MoreFragments 1\nu FragmentSize 3\nx FragmentData 414243");
  assert_message (0, "9101 03", "DevConfig Get Setting Fragment Response", "u Outcome 3\n- FragmentSize");
  assert_message (0, "1201 0000 0038 00000010 0001 41", "DevConfig Set Setting Fragment Command",
                  "u FragmentOffset 16\nu MoreFragments 0\nu FragmentLen 1\nx FragmentData 41");
  assert_message (0, "9201 06", "DevConfig Set Setting Fragment Response", "u Outcome 6");
  assert_message (0, "1301 0000 05", "DevConfig Control Command", "u SecurityCode 0\nu Action 5");
  assert_message (0, "9301 01", "DevConfig Control Response", "u Outcome 1");
  assert_message (0, "0501 0102030405060708 55AA", "Echo Command", "x EchoData 010203040506070855AA");
  assert_message (0, "8501 2A72730A 3B023380 55AA", "Echo Response", "t Time 712143626 990000000\nx EchoData 55AA");
}

static void
test_bmp5_messages (void)
{
  assert_message (1, "A105 09 001E", "Please Wait", "u CmdMsgType 9\nu WaitSec 30");
  assert_message (1, "9705 01", "Clock Response", "u RespCode 1\n- OldTime");
  assert_message (1, "1C01 0000 43505500 00 01 00000000 313233", "File Download Command",
                  "s FileName CPU\nu Attribute 0\nu CloseFlag 1\nu FileOffset 0\nx FileData 313233");
  assert_message (1, "9C01 0E 00000064", "File Download Response", "u RespCode 14\nu FileOffset 100");
  assert_message (1, "9C01 01", "File Download Response", "u RespCode 1\n- FileOffset");
  assert_message (1, "9D01 00 00000200", "File Upload Response", "u FileOffset 512\nn FileData 0");
  assert_message (1, "1E01 0000 4100 04", "File Control Command", "s FileName A\nu FileCmd 4\n- FileName2");
  assert_message (1, "1E01 0000 4100 0F 4200", "File Control Command", "u FileCmd 15\ns FileName2 B");
  assert_message (1, "9E01 00 0005", "File Control Response", "u RespCode 0\nu HoldOff 5");
  assert_message (1, "9E01 13", "File Control Response", "u RespCode 19\n- HoldOff");
  assert_message (1, "9801 00 4F5300 1234 3100 00 02 5000 ABCD 0000000A 00000001 6F6B00",
                  "Get Programming Statistics Response",
                  "s OSVer OS\nu OSSig 4660\ns SerialNbr 1\ns PowUpProg \nu CompState 2\ns ProgName P\n"
                  "u ProgSig 43981\nt CompTime 10 1\ns CompResult ok");
  assert_message (1, "9801 01", "Get Programming Statistics Response", "u RespCode 1\n- OSVer\n- CompResult");
  assert_message (1, "1901 0000 01 5400", "Table Control Command", "u CtrlOption 1\ns TableName T");
  assert_message (1, "9901 10", "Table Control Response", "u RespCode 16");
  assert_message (1, "9A01 00 41480000", "Get Values Response", "x Values 41480000");
  assert_message (1, "9A01 11", "Get Values Response", "u RespCode 17\n- Values");
  assert_message (1, "1B01 0000 5400 09 4600 0001 41480000", "Set Values Command",
                  "s TableName T\nu TypeCode 9\ns FieldName F\nu Swath 1\nx Values 41480000");
  assert_message (1, "9B01 00", "Set Values Response", "u RespCode 0\n- HoldOff");
  assert_message (1, "9B01 15 003C", "Set Values Response", "u RespCode 21\nu HoldOff 60");
}

/* P1 and P2 are the mode's: pakbus-facts E1. */
static void
test_collect_commands (void)
{
  static const char *const name = "Collect Data Command";

  assert_message (1, "0901 0000 03 0002 ABCD 0000", name, "g Tables 1\n- Tables/0/P1\n- Tables/0/P2");
  assert_message (1, "0901 0000 04 0002 ABCD 00000007 0000", name, "u Tables/0/P1 7");
  assert_message (1, "0901 0000 05 0002 ABCD 00000001 0000", name, "u Tables/0/P1 1\ng Tables/0/Fields 0");
  assert_message (1, "0901 0000 06 0002 ABCD 00000001 00000009 0001 0003 0000", name,
                  "u Tables/0/P1 1\nu Tables/0/P2 9\ng Tables/0/Fields 2\nu Tables/0/Fields/0/FieldNbr 1\n"
                  "u Tables/0/Fields/1/FieldNbr 3");
  assert_message (1, "0901 0000 07 0002 ABCD 2A72730A 3B023380 2A72730B 00000000 0000", name,
                  "t Tables/0/P1 712143626 990000000\nt Tables/0/P2 712143627 0");
  assert_message (1, "0901 0000 08 0002 ABCD 00000007 000001F4 0000", name, "u Tables/0/P1 7\nu Tables/0/P2 500");
  assert_message (1, "0901 0000 05 0001 1111 00000001 0000 0002 2222 00000001 0000", name,
                  "g Tables 2\nu Tables/1/TableNbr 2\nu Tables/1/TableDefSig 8738");
  assert_message (1, "8901 00 0002 00015BDC 0000 00", "Collect Data Response", "x Records 000200015BDC000000");
  assert_message (1, "8901 07", "Collect Data Response", "u RespCode 7\n- Records");
  assert_refused (1, "0901 0000 06 0002 ABCD 00000001 0000",
                  "Collect Data Command: P2 at byte 13 needs 4 bytes, but 2 are left");
  assert_refused (1, "0901 0000 05 0002 ABCD 00000001 0001",
                  "Collect Data Command: Fields at byte 15 needs 2 bytes, but 0 are left");
}

static void
test_one_way_messages (void)
{
  assert_message (1, "1400 0002 ABCD 00000007 0001 2A72730A", "One-Way Data",
                  "u RecNbr 7\nu IsOffset 0\nu NbrOfRecs 1\n- ByteOffset\nx RecFrag 2A72730A");
  assert_message (1, "1400 0002 ABCD 00000007 800001F4 4142", "One-Way Data",
                  "u IsOffset 1\n- NbrOfRecs\nu ByteOffset 500\nx RecFrag 4142");
  assert_message (1,
                  "2000 0001 5400 00000064 0E 0000000000000000 0000003C00000000"
                  "89 4600 00 41766700 5600 00 00000001 00000006 00000002 00000003 00000000 00",
                  "One-Way Table Definition",
                  "u TableNbr 1\ns TableName T\nu TableSize 100\nu TimeType 14\nt TblTimeInto 0 0\n"
                  "t TblInterval 60 0\ng Fields 1\nu Fields/0/ReadOnly 1\nu Fields/0/FieldType 9\n"
                  "s Fields/0/FieldName F\ng Fields/0/Aliases 0\ns Fields/0/Processing Avg\n"
                  "s Fields/0/Units V\nu Fields/0/Dimension 6\ng Fields/0/SubDims 2\n"
                  "u Fields/0/SubDims/1/SubDim 3");
}

static void
test_refusals (void)
{
  assert_refused (0, "09", "Message of 1 bytes");
  assert_refused (1, "0301 00000000", "Unknown BMP5 message of type 0x03");
  assert_refused (0, "0901 00 02 07", "Hello Command: VerifyIntv at byte 4 needs 2 bytes, but 1 are left");
  assert_refused (0, "0901 00 02 0708 00", "Hello Command: 1 bytes too many at byte 6");
  assert_refused (1, "9701 00", "Clock Response: OldTime at byte 3 needs 8 bytes, but 0 are left");
  assert_refused (1, "1D01 0000 4142", "File Upload Command: FileName at byte 4 has no end");
  assert_refused (0, "8F01 01 000C 05 00 00 0001 0004 4142",
                  "DevConfig Get Settings Response: SettingValue at byte 12 needs 4 bytes, but 2 are left");
}

/* Every message: cut short it is refused or, cut at an optional tail, reads and writes what is left. */
static void
test_truncations (void)
{
  for (guint i = 0; i < pak_n_vectors; i++)
    {
      g_autoptr (GByteArray) body = pak_vector_body (&pak_vectors[i]);

      for (guint length = 10; pak_vectors[i].fields != NULL && length < body->len; length++)
        {
          g_autofree guint8 *bytes = g_memdup2 (body->data + 8, length - 8);
          g_autoptr (PakMessage) message = pak_message_decode (pak_vectors[i].packet.protocol, bytes, length - 8, NULL);

          if (message != NULL)
            assert_encodes (message, bytes, length - 8);
        }
    }
}

static void
test_build (void)
{
  g_autoptr (PakMessage) message = pak_message_new (PAK_PROTOCOL_BMP5, 0x09, 0xE8);
  PakMessage *table = pak_message_add_group (message, "Tables");
  g_autoptr (GByteArray) expected = pak_vector_bytes ("09E8FFFF060005F5C600006632000075600000");

  pak_message_set_uint (message, "SecurityCode", 0xFFFF);
  pak_message_set_uint (message, "CollectMode", 6);
  pak_message_set_uint (table, "TableNbr", 5);
  pak_message_set_uint (table, "TableDefSig", 0xF5C6);
  pak_message_set_uint (table, "P1", 26162);
  pak_message_set_uint (table, "P2", 30048);
  assert_encodes (message, expected->data, expected->len);

  /* The mode decides what is written. */
  pak_message_set_uint (message, "CollectMode", 3);
  g_byte_array_unref (g_steal_pointer (&expected));
  expected = pak_vector_bytes ("09E8FFFF030005F5C60000");
  assert_encodes (message, expected->data, expected->len);
}

static void
test_build_lengths (void)
{
  g_autoptr (PakMessage) message = pak_message_new (PAK_PROTOCOL_PAKCTRL, 0x10, 1);
  PakMessage *setting = pak_message_add_group (message, "Settings");
  g_autoptr (GByteArray) expected = pak_vector_bytes ("10010000000200054C41424F00");

  pak_message_set_uint (setting, "SettingId", 2);
  pak_message_set_bytes (setting, "SettingValue", (const guint8 *) "too long", 8);
  pak_message_set_bytes (setting, "SettingValue", (const guint8 *) "LABO", 5);
  assert_encodes (message, expected->data, expected->len);
}

static void
test_negative_adjustment (void)
{
  /* -1.5 s: as floored seconds, and with one sign for both words (pakbus-facts H3). */
  assert_message (1, "1701 0000 FFFFFFFE 1DCD6500", "Clock Command", "t Adjustment -2 500000000");
  assert_message (1, "1701 0000 FFFFFFFF E2329B00", "Clock Command", "t Adjustment -1 -500000000");
}

static void
test_absent_fields (void)
{
  g_autoptr (PakMessage) message = pak_message_new (PAK_PROTOCOL_BMP5, 0x97, 1);
  g_autoptr (PakMessage) control = pak_message_new (PAK_PROTOCOL_BMP5, 0x1E, 1);
  g_autoptr (PakMessage) set = pak_message_new (PAK_PROTOCOL_PAKCTRL, 0x10, 1);
  gsize length = 7;

  g_assert_false (pak_message_has (message, "OldTime"));
  g_assert_cmpint (pak_message_get_time (message, "OldTime"), ==, OP_TIME_UNKNOWN);
  g_assert_cmpuint (pak_message_get_uint (message, "RespCode"), ==, 0);
  g_assert_null (pak_message_get_text (control, "FileName2"));
  g_assert_cmpuint (pak_message_get_n_groups (set, "Settings"), ==, 0);
  g_assert_null (pak_message_get_bytes (pak_message_add_group (set, "Settings"), "SettingValue", &length));
  g_assert_cmpuint (length, ==, 0);
}

static void
assert_description (const PakFieldDesc *fields, guint n_fields)
{
  guint bits = 0;

  for (guint i = 0; i < n_fields; i++)
    {
      g_assert_nonnull (fields[i].name);
      g_assert_cmpint (fields[i].presence == PAK_PRESENT_IF || fields[i].presence == PAK_PRESENT_DONE, ==,
                       fields[i].selector != NULL);
      if (fields[i].kind == PAK_FIELD_BITS && fields[i].presence != PAK_PRESENT_IF)
        bits += fields[i].width;
      else if (fields[i].kind == PAK_FIELD_BITS)
        g_assert_cmpuint ((bits + fields[i].width) % 8, ==, 0);
      else
        {
          g_assert_true (bits % 8 == 0 || (fields[i - 1].presence == PAK_PRESENT_IF));
          bits = 0;
        }
      if (fields[i].kind == PAK_FIELD_GROUP)
        assert_description (fields[i].fields, fields[i].n_fields);
    }
}

/* The descriptions themselves: no type twice, whole bytes, and each encodes when nothing is set. */
static void
test_descriptions (void)
{
  guint n;
  const PakMessageDesc *descs = pak_message_desc_list (&n);

  g_assert_cmpuint (n, ==, 42);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PakMessage) message = pak_message_new (descs[i].protocol, descs[i].type, 9);
      g_autoptr (PakMessage) again = NULL;
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", descs[i].name);
      g_assert_true (pak_message_desc_find (descs[i].protocol, descs[i].type) == &descs[i]);
      assert_description (descs[i].fields, descs[i].n_fields);
      pak_message_encode (message, bytes);
      again = pak_message_decode (descs[i].protocol, bytes->data, bytes->len, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (pak_message_get_transaction (again), ==, 9);
      assert_encodes (again, bytes->data, bytes->len);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/message/vectors", test_vectors);
  g_test_add_func ("/message/pakctrl", test_pakctrl_messages);
  g_test_add_func ("/message/bmp5", test_bmp5_messages);
  g_test_add_func ("/message/collect-commands", test_collect_commands);
  g_test_add_func ("/message/one-way", test_one_way_messages);
  g_test_add_func ("/message/refusals", test_refusals);
  g_test_add_func ("/message/truncations", test_truncations);
  g_test_add_func ("/message/build", test_build);
  g_test_add_func ("/message/build-lengths", test_build_lengths);
  g_test_add_func ("/message/negative-adjustment", test_negative_adjustment);
  g_test_add_func ("/message/absent-fields", test_absent_fields);
  g_test_add_func ("/message/descriptions", test_descriptions);
  return g_test_run ();
}
