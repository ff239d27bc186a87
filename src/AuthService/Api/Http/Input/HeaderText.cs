using System.Text;

namespace AuthService.Api.Http.Input;

/// <summary>
/// Decodes request headers as UTF-8, and bytes that are not valid UTF-8 as Latin-1. HTTP allows any byte (RFC 9110, 5.5), and old clients and proxies send
/// names of devices, files and towns in Latin-1.
/// </summary>
internal static class HeaderText
{
    public static Encoding Encoding { get; } = Encoding.GetEncoding("utf-8", EncoderFallback.ExceptionFallback, new Latin1Fallback());

    private sealed class Latin1Fallback : DecoderFallback
    {
        /// <summary>An incomplete UTF-8 sequence has at most three bytes.</summary>
        public override int MaxCharCount => 3;

        public override DecoderFallbackBuffer CreateFallbackBuffer() => new Latin1Buffer();
    }

    private sealed class Latin1Buffer : DecoderFallbackBuffer
    {
        private string _text = "";
        private int _next;

        public override int Remaining => _text.Length - _next;

        public override bool Fallback(byte[] bytesUnknown, int index)
        {
            _text = Encoding.Latin1.GetString(bytesUnknown);
            _next = 0;
            return true;
        }

        public override char GetNextChar() => Remaining > 0 ? _text[_next++] : '\0';

        public override bool MovePrevious()
        {
            if (_next == 0)
                return false;
            _next--;
            return true;
        }

        public override void Reset()
        {
            _text = "";
            _next = 0;
        }
    }
}
