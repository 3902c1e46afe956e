"""Presidio recognizers for numbers that identify a person; each works in anybody's AnalyzerEngine."""

from scrubbers.recognizers.base import ReadingRecognizer
from scrubbers.recognizers.credit_card import CreditCardRecognizer
from scrubbers.recognizers.date_of_birth import DateOfBirthRecognizer
from scrubbers.recognizers.email_address import EmailAddressRecognizer
from scrubbers.recognizers.iban_code import IbanCodeRecognizer
from scrubbers.recognizers.ip_address import IpAddressRecognizer
from scrubbers.recognizers.phone_number import PhoneNumberRecognizer
from scrubbers.recognizers.uk_bank_account import UkBankAccountRecognizer
from scrubbers.recognizers.uk_driving_licence import UkDrivingLicenceRecognizer
from scrubbers.recognizers.uk_nhs import UkNhsRecognizer
from scrubbers.recognizers.uk_nino import UkNinoRecognizer
from scrubbers.recognizers.uk_passport import UkPassportRecognizer
from scrubbers.recognizers.uk_postcode import UkPostcodeRecognizer
from scrubbers.recognizers.uk_utr import UkUtrRecognizer
from scrubbers.recognizers.uk_vehicle_registration import UkVehicleRegistrationRecognizer

RECOGNIZERS: tuple[type[ReadingRecognizer], ...] = (
    UkNinoRecognizer,
    CreditCardRecognizer,
    EmailAddressRecognizer,
    PhoneNumberRecognizer,
    UkBankAccountRecognizer,
    IbanCodeRecognizer,
    UkNhsRecognizer,
    UkDrivingLicenceRecognizer,
    UkPassportRecognizer,
    UkUtrRecognizer,
    DateOfBirthRecognizer,
    UkPostcodeRecognizer,
    UkVehicleRegistrationRecognizer,
    IpAddressRecognizer,
)
"""All of them that need no language model."""

__all__ = ["RECOGNIZERS", "ReadingRecognizer", *(recognizer.__name__ for recognizer in RECOGNIZERS)]
